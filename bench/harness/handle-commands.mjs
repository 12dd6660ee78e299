// The child's end of a child process.

/** Runs each command of the harness as `handlers[command](argument)`, and ends the process with the harness. */
export function handleCommands(handlers) {
  const runCommand = async ({ id, command, argument }) => {
    try {
      process.send({ id, result: await handlers[command](argument) });
    } catch (error) {
      process.send({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  };
  process.on("message", (message) => void runCommand(message));
  process.on("disconnect", () => process.exit());
}
