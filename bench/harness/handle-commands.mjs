// The child's end of a child process: runs the commands of the harness, one after the other.

/** Runs `{ id, command, argument }` as `handlers[command](argument)`. Ends with the harness. */
export function handleCommands(handlers) {
  const handle = async ({ id, command, argument }) => {
    try {
      process.send({ id, result: await handlers[command](argument) });
    } catch (error) {
      process.send({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  };
  process.on("message", (message) => void handle(message));
  process.on("disconnect", () => process.exit());
}
