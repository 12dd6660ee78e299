// Replaces `docker compose` in the tests of guides. `up` only checks the variables. `run --rm SERVICE` runs the command of the service
// without a container, with its environment and in the folder of the guide. The command must be `npx --yes zitadel-idp …`.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const [program, , verb, ...words] = process.argv.slice(2);
const { services } = parse(readFileSync("compose.yaml", "utf8"));

/** Fills in variables such as ${NAME} and ${NAME:-default}. */
function interpolate(text) {
  return String(text).replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name, fallback) => {
    const value = process.env[name] || fallback;
    if (value === undefined) {
      throw new Error(`compose.yaml needs the variable ${name}`);
    }
    return value;
  });
}

function readEnvironment({ environment = {} }) {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, interpolate(value)]),
  );
}

if (verb === "up") {
  // Every variable that the services need must have a value.
  Object.values(services).forEach(readEnvironment);
} else {
  const service = services[words.at(-1)];
  const [npx, yes, name, ...args] = service.command.split(" ");
  if ([npx, yes, name].join(" ") !== "npx --yes zitadel-idp") {
    throw new Error(`an unexpected command: ${service.command}`);
  }
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...readEnvironment(service) };
  process.exitCode = spawnSync(process.execPath, [program, ...args], {
    env,
    stdio: "inherit",
  }).status;
}
