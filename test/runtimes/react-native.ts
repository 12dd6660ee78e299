import { cp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createApp } from "./app.js";
import { outputOf } from "./command.js";
import type { Report } from "./program/driver.js";
import { type Context, runDriver, NotAvailableError, type Outcome, type Row } from "./row.js";
import { nodePath, toolsDirectory, versionOf } from "./tools.js";
import type { Expected } from "./driver-servers.js";

const expected: Expected = { auto: "json", wires: ["json", "grpc-web"], followsRedirects: true };

/** React Native: the program as Metro bundles it, in Hermes, with React Native's own `fetch`, `URL` and `AbortController`. */
export const reactNativeRow: Row = {
  id: "react-native",
  name: "React Native, in Hermes",
  run: runReactNative,
};

async function runReactNative(context: Context): Promise<Outcome> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new NotAvailableError("the package hermes-engine-cli has Hermes for Linux on x64 only");
  }
  const { project } = context;
  await using app = await createApp(project, "react-native");
  const program = join(app.directory, "program");
  await cp(dirname(project.program("react-native")), program, { recursive: true });
  const tools = join(toolsDirectory, "react-native");
  const options = { cwd: tools, limitMs: 180_000 };
  const bundle = join(app.directory, "bundle.js");
  const entry = join(app.directory, "index.js");
  // React Native's own start file needs an app with a screen.
  const parts = ["../old-hermes.js", "../environment.js", "./program/react-native.js"];
  await writeFile(entry, parts.map((part) => `require("${part}");\n`).join(""));
  await outputOf(nodePath(22), [join(tools, "bundle.mjs"), entry, bundle], options);
  const outcome = await runDriver(context, expected, async (setup) => {
    const args = [join(tools, "hermes.mjs"), bundle, JSON.stringify(setup)];
    return JSON.parse(await outputOf(nodePath(22), args, options)) as Report;
  });
  return { version: await versionOf("react-native", "react-native"), ...outcome };
}
