// The upper bound for gRPC in Node.js: bytes that are encoded in advance, constant headers, and a response that is not parsed.
import { connect, constants } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { GetProviderByIDRequestSchema } from "#gen/zitadel/management_pb.js";
import { getProvider, grpcPath } from "../requests.mjs";

export async function open({ url }) {
  const session = connect(url);
  const message = toBinary(
    GetProviderByIDRequestSchema,
    create(GetProviderByIDRequestSchema, getProvider),
  );
  const envelope = Buffer.concat([Buffer.alloc(5), message]);
  envelope.writeUInt32BE(message.length, 1);
  const headers = {
    [constants.HTTP2_HEADER_METHOD]: "POST",
    [constants.HTTP2_HEADER_PATH]: grpcPath("GetProviderByID"),
    [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
    [constants.HTTP2_HEADER_TE]: "trailers",
  };
  const get = () =>
    new Promise((resolve, reject) => {
      const stream = session.request(headers);
      let bytes = 0;
      stream.on("data", (chunk) => (bytes += chunk.length));
      stream.on("error", reject);
      stream.on("end", () => (bytes > 0 ? resolve() : reject(new Error("the response is empty"))));
      stream.end(envelope);
    });
  return { calls: { get } };
}
