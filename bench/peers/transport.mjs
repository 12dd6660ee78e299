// One of our transports alone: no token, no organization, no retries, no errors of ours.
import { createManagementClient } from "zitadel-idp/management";
import { connectCalls } from "./connect-calls.mjs";

const names = {
  grpc: "createGrpcTransport",
  "grpc-web": "createGrpcWebTransport",
  json: "createJsonTransport",
};

export async function open({ url, protocol }) {
  const { [names[protocol]]: createTransport } = await import(`zitadel-idp/transport/${protocol}`);
  return { calls: connectCalls(createManagementClient(createTransport({ baseUrl: url }))) };
}
