// @zitadel/node: nice-grpc over @grpc/grpc-js, with code of ts-proto.
import { createManagementClient } from "@zitadel/node/dist/api/clients.js";
import { createAccessTokenInterceptor } from "@zitadel/node/dist/api/interceptors.js";
import { connectCalls } from "./connect-calls.mjs";

export async function open({ url }) {
  return {
    calls: connectCalls(createManagementClient(url, createAccessTokenInterceptor("token"))),
  };
}
