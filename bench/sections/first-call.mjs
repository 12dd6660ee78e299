// The time from the start of a process to the end of its first call, with all imports and the first connection.
import { measureProcesses } from "../harness/process-times.mjs";
import { getProvider, paths, providerName } from "../requests.mjs";
import { formatProcesses } from "./process-table.mjs";

export const title = "First call of a new process";

/** The program with which this package is compared: the same read by the global `fetch`. */
export const fetchProgram = "global fetch";

const orgId = "300000000000000002";

const checkName = `if (idp.name !== ${JSON.stringify(providerName)}) throw new Error("another response");`;

/** Returns a program that reads one provider with `createIdpClient` and closes the client. */
function createProgram(protocol, baseUrl) {
  const options = { baseUrl, auth: "token", orgId, protocol };
  return `
    import { createIdpClient } from "zitadel-idp";
    const client = createIdpClient(${JSON.stringify(options)});
    const { idp } = await client.management.getProviderByID(${JSON.stringify(getProvider)});
    ${checkName}
    await client.close();`;
}

function createPrograms({ http1, http2 }) {
  const headers = {
    accept: "application/json",
    authorization: "Bearer token",
    "x-zitadel-orgid": orgId,
  };
  return {
    [fetchProgram]: `
      const response = await fetch(${JSON.stringify(http1 + paths.get)}, { headers: ${JSON.stringify(headers)} });
      const { idp } = await response.json();
      ${checkName}`,
    "ours, JSON": createProgram("json", http1),
    "ours, gRPC-web": createProgram("grpc-web", http1),
    "ours, gRPC": createProgram("grpc", http2),
  };
}

export async function run({ server, settings }) {
  const measured = await measureProcesses(title, createPrograms(server.urls), settings);
  return {
    ...measured,
    text: [
      `Median of ${settings.processRounds} processes each, in turn, from the start to the end of the process. Each reads one provider from the server,
which is another process. The ratios are of the time above that of an empty process.`,
      formatProcesses(measured, [fetchProgram]),
    ],
  };
}
