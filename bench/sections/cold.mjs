// The cost of importing packages in a new process, before any call.
import { measureProcesses } from "../harness/process-times.mjs";
import { formatProcesses } from "./process-table.mjs";

export const title = "Cold starts";

/** The programs with which this package is compared. */
export const connect = "Connect + generated code, unbundled";
export const vendor = "@zitadel/client/v1";

const createClient = `
  import { createIdpClient } from "zitadel-idp";
  const client = createIdpClient({ baseUrl: "https://acme.example", auth: "token" });`;

const programs = {
  "ours: import": `import "zitadel-idp";`,
  "ours: import, createIdpClient": createClient,
  "ours: import, createIdpClient, .management": `${createClient} client.management.getProviderByID;`,
  [connect]: `
    import "@connectrpc/connect";
    import "@connectrpc/connect-node";
    import "#gen/zitadel/management_pb.js";
    import "#gen/zitadel/admin_pb.js";`,
  [vendor]: `import "@zitadel/client/v1";`,
  "@zitadel/node": `import "@zitadel/node/dist/api/index.js";`,
  "@grpc/grpc-js": `import "@grpc/grpc-js";`,
};

export async function run({ settings }) {
  const measured = await measureProcesses(title, programs, settings);
  return {
    ...measured,
    text: [
      `Median of ${settings.processRounds} processes each, in turn. The ratios are of the time above that of an empty process.`,
      formatProcesses(measured, [connect, vendor]),
    ],
  };
}
