// Clients of many organizations that share one connection.
import { createIdpClient } from "zitadel-idp";
import { median } from "../harness/stats.mjs";
import { checkField, getProvider, providerName } from "../requests.mjs";

/** The number of clients to create before measuring, so that the timed code is compiled. */
const warmUpClients = 20_000;

export async function open({ url, organizations }) {
  const client = createIdpClient({ baseUrl: url, auth: "token", protocol: "grpc" });
  // Includes the service client, which may be created on first access.
  const createServices = () =>
    Array.from(
      { length: organizations },
      (_, index) => client.withOrg(String(index + 1)).management,
    );
  const times = [];
  while (times.length * organizations < warmUpClients) {
    const start = performance.now();
    createServices();
    times.push(performance.now() - start);
  }
  const before = measureHeap();
  const managements = createServices();
  const bytes = measureHeap() - before;
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
        checkField(idp?.name, providerName);
      },
    },
  };
}

function measureHeap() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
