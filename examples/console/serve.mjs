// `npm run console`: starts the emulator with a seed, and serves the console in front of it until Ctrl+C.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { createEmulator } from "zitadel-idp/emulator";

const folder = fileURLToPath(new URL(".", import.meta.url));
const configFile = fileURLToPath(new URL("vite.config.ts", import.meta.url));
const seed = JSON.parse(readFileSync(new URL("seed.json", import.meta.url), "utf8"));

const emulator = createEmulator({ seed });
const [{ url }] = await Promise.all([
  emulator.listen({ control: true }),
  build({ configFile, root: folder, logLevel: "warn" }),
]);
const server = await preview({
  configFile,
  root: folder,
  logLevel: "warn",
  preview: { host: "localhost", port: 4173 },
});

// A server never sees the fragment of an address, and the page removes it.
const fragment = new URLSearchParams({ url, token: emulator.token });
console.log(`The console, with the token in the address:

  ${server.resolvedUrls.local[0]}#${fragment}

The emulator is at ${url}, with a control API at ${url}/_emulator.
Stop with Ctrl+C.`);

await new Promise((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, resolve);
  }
});
await Promise.all([server.close(), emulator.close()]);
// The browser may keep connections to the server of the page open.
process.exit(0);
