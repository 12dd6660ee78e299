import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Protocol } from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";

const root = fileURLToPath(new URL("../..", import.meta.url));
const wires: Protocol[] = ["grpc", "grpc-web", "json"];

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

/** Deletes files of the package in a running program, then adds a provider whose response is lost. */
const program = `
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
const [folder, protocol, baseUrl, auth, deleted] = process.argv.slice(1);
const { createIdpClient, isOutcomeUnknown } = await import(join(folder, "dist/node/index.js"));
const client = createIdpClient({ protocol, baseUrl, auth, timeoutMs: 10_000 });
const deleteFiles = (pattern) => {
  const names = readdirSync(folder, { recursive: true }).filter((name) => pattern.test(name));
  if (names.length === 0) throw new Error("no file matches " + String(pattern));
  names.forEach((name) => rmSync(join(folder, name)));
};
if (deleted === "all files, after the first call") {
  await client.management.listProviders({});
  deleteFiles(/\\.c?js$/);
} else if (deleted === "the code for failures, before the first call") {
  deleteFiles(/(?:^|\\/)(?:errors|json-failure|grpc-failure)-[\\w-]+\\.cjs$/);
}
try {
  await client.management.addGoogleProvider({ clientId: "c", clientSecret: "planted-secret" });
  console.log(JSON.stringify({ success: true }));
} catch (error) {
  console.log(JSON.stringify({
    isUnknown: isOutcomeUnknown(error), outcome: error.outcome, message: error.message,
  }));
}
await client.close();
`;

async function run(protocol: Protocol, deleted: string): Promise<unknown> {
  // Within the project, so that the program finds its dependencies.
  const folder = await mkdtemp(join(root, "node_modules", ".deleted-files-"));
  try {
    for (const path of ["package.json", "dist/node", "dist/cjs"]) {
      await cp(join(root, path), join(folder, path), { recursive: true });
    }
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "--eval",
      program,
      "--",
      folder,
      protocol,
      listener.url,
      emulator.token ?? "",
      deleted,
    ]);
    return JSON.parse(stdout) as unknown;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe.each(wires)(
  "over %s, an Add whose response is lost has the outcome unknown",
  (protocol) => {
    test.each(["all files, after the first call", "the code for failures, before the first call"])(
      "when these files are deleted: %s",
      async (deleted) => {
        emulator.inject({ fault: { type: "drop", when: "after" }, rpc: "AddGoogleProvider" });
        expect(await run(protocol, deleted)).toEqual({
          isUnknown: true,
          outcome: "unknown",
          message: expect.stringMatching(/unknown whether the call was carried out/) as string,
        });
      },
    );
  },
);
