// One of our transports without the facade: no token, no organization, no retries, no ZitadelErrors.
import { createManagementClient } from "zitadel-idp/management";
import { createConnectCalls } from "./connect-calls.mjs";

const names = {
  grpc: "createGrpcTransport",
  "grpc-web": "createGrpcWebTransport",
  json: "createJsonTransport",
};

export async function open({ url, protocol }) {
  const { [names[protocol]]: createTransport } = await import(`zitadel-idp/transport/${protocol}`);
  return { calls: createConnectCalls(createManagementClient(createTransport({ baseUrl: url }))) };
}
