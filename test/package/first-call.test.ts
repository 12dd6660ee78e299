import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Protocol } from "zitadel-idp";
import { useEmulator } from "../support/use-emulator.js";

const { emulator, listener, client } = await useEmulator();

/** Makes one call, closes the client, and prints at the end which modules of Node.js the process has loaded. */
const program = `
const [protocol, baseUrl, auth, id] = process.argv.slice(1);
const { createIdpClient } = await import("zitadel-idp");
const idpClient = createIdpClient({ protocol, baseUrl, auth });
await idpClient.management.getProviderByID({ id });
await idpClient.close();
process.on("exit", () => console.log(JSON.stringify(process.moduleLoadList)));
`;

async function listLoadedModules(protocol: Protocol, id: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", program, protocol, listener.url, emulator.token ?? "", id],
    { cwd: fileURLToPath(new URL("../..", import.meta.url)) },
  );
  return JSON.parse(stdout) as string[];
}

/** A process loads undici with the first use of `fetch`, `Headers`, `Request` or `Response`. */
test.each<Protocol>(["json", "grpc-web", "grpc"])(
  "a process with one successful call over %s does not load the undici of Node.js",
  async (protocol) => {
    const { id } = await client.management.addGoogleProvider({ clientId: "c", clientSecret: "s" });
    const modules = await listLoadedModules(protocol, id);
    expect(modules).toContain("NativeModule net");
    expect(modules.filter((name) => name.includes("undici"))).toEqual([]);
  },
);
