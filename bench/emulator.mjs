// Measures the time and memory of the emulator. Usage: npm run build && node --expose-gc bench/emulator.mjs
import { spawnSync } from "node:child_process";
import { createEmulator } from "../dist/node/emulator/index.js";
import { createIdpClient } from "../dist/node/index.js";
import { median } from "./harness/stats.mjs";

const starts = 31;
const providers = 10_000;
const reads = 21;

const printFigure = (figure, value, unit) =>
  console.log(`${figure.padEnd(58)}${value.toFixed(1).padStart(8)} ${unit}`);
const measureMegabytes = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
};

const entry = new URL("../dist/node/emulator/index.js", import.meta.url).href;
const coldStart = `
  const { createEmulator } = await import(${JSON.stringify(entry)});
  const start = performance.now();
  await createEmulator().listen();
  console.log(performance.now() - start);
  process.exit();
`;
const startTimes = Array.from({ length: starts }, () =>
  Number(
    spawnSync(process.execPath, ["--input-type=module", "-e", coldStart], { encoding: "utf8" })
      .stdout,
  ),
);
printFigure(
  `createEmulator().listen() after import, ${starts} processes, median`,
  median(startTimes),
  "ms",
);
printFigure("  the slowest process", Math.max(...startTimes), "ms");

const before = measureMegabytes();
const start = performance.now();
const emulator = createEmulator({
  seed: {
    providers: Array.from({ length: providers }, (_, index) => ({
      owner: "ZITADEL",
      rpc: "AddGenericOIDCProvider",
      request: {
        name: `Provider ${index}`,
        issuer: `https://login-${index}.example.com`,
        clientId: `client-${index}`,
        clientSecret: "secret",
        scopes: ["openid", "profile", "email"],
      },
    })),
  },
});
printFigure(`${providers} providers from a seed`, performance.now() - start, "ms");
if (globalThis.gc !== undefined) {
  printFigure("  memory of the providers", measureMegabytes() - before, "MB");
}

const { url } = await emulator.listen();
for (const protocol of ["grpc", "grpc-web", "json"]) {
  const client = createIdpClient({ baseUrl: url, auth: emulator.token, protocol });
  const measureList = async (call, request) => {
    const times = [];
    for (let read = 0; read < reads; read++) {
      const begin = performance.now();
      await client.management.listProviders(request);
      times.push(performance.now() - begin);
    }
    printFigure(`${protocol}: ${call}, median of ${reads}`, median(times), "ms");
  };
  await measureList("list all", {});
  await measureList("a page of 100", { query: { offset: 5000n, limit: 100 } });
  await measureList("filter by name", {
    queries: [{ query: { case: "idpNameQuery", value: { name: "Provider 77", method: 0 } } }],
  });
  await client.close();
}
await emulator.close();
