// Clients of many organizations that share one connection.
import { createIdpClient } from "zitadel-idp";
import { median } from "../harness/stats.mjs";
import { check, getProvider, providerName } from "../exchanges.mjs";

/** Warms up, so that the timed code is compiled and a few clients are timed as fairly as many. */
const made = 20_000;

export async function open({ url, organizations }) {
  const client = createIdpClient({ baseUrl: url, auth: "token", protocol: "grpc" });
  // Includes the service client, which may be created on first access.
  const make = () =>
    Array.from(
      { length: organizations },
      (_, index) => client.withOrg(String(index + 1)).management,
    );
  const times = [];
  while (times.length * organizations < made) {
    const start = performance.now();
    make();
    times.push(performance.now() - start);
  }
  const before = heap();
  const managements = make();
  const bytes = heap() - before;
  let next = 0;
  return {
    about: {
      usPerClient: (median(times) * 1000) / organizations,
      bytesPerClient: bytes / organizations,
    },
    calls: {
      async get() {
        const management = managements[next++ % organizations];
        const { idp } = await management.getProviderByID(getProvider);
        check(idp?.name, providerName);
      },
    },
  };
}

function heap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
