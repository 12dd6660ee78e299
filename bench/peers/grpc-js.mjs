// @grpc/grpc-js with the same generated code as @zitadel/node, whose binary form is no slower than protobuf-es's.
import { Client, credentials } from "@grpc/grpc-js";
import { ManagementServiceDefinition } from "@zitadel/node/dist/api/generated/zitadel/management.js";
import { grpcPath } from "../requests.mjs";
import { createConnectCalls } from "./connect-calls.mjs";

export async function open({ url }) {
  const client = new Client(new URL(url).host, credentials.createInsecure());
  const unary = ({ name, requestType, responseType }) => {
    const path = grpcPath(name);
    const encode = (request) =>
      Buffer.from(requestType.encode(requestType.fromPartial(request)).finish());
    const decode = (bytes) => responseType.decode(bytes);
    return (request) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(path, encode, decode, request, (error, response) =>
          error === null ? resolve(response) : reject(error),
        );
      });
  };
  const { getProviderByID, addGenericOIDCProvider, listProviders } =
    ManagementServiceDefinition.methods;
  return {
    calls: createConnectCalls({
      getProviderByID: unary(getProviderByID),
      addGenericOIDCProvider: unary(addGenericOIDCProvider),
      listProviders: unary(listProviders),
    }),
  };
}
