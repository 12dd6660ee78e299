// A hand-written gRPC client on node:http2, as short as a correct one can be: it encodes the message, sends the headers that ours sends,
// reads the trailers, and decodes the message. It has no deadline, no retries and no errors.
import { connect } from "node:http2";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  GetProviderByIDRequestSchema,
  GetProviderByIDResponseSchema,
} from "#gen/zitadel/management_pb.js";
import { checkField, getProvider, grpcPath, providerName } from "../requests.mjs";

export async function open({ url }) {
  const session = connect(url);
  const createHeaders = () => ({
    ":method": "POST",
    ":path": grpcPath("GetProviderByID"),
    authorization: "Bearer token",
    "content-type": "application/grpc+proto",
    "grpc-accept-encoding": "gzip",
    "grpc-timeout": "30S",
    te: "trailers",
    "user-agent": "plain",
    "x-zitadel-orgid": "300000000000000002",
  });
  const send = (message) =>
    new Promise((resolve, reject) => {
      const stream = session.request(createHeaders());
      const chunks = [];
      let trailers;
      stream.on("data", (chunk) => chunks.push(chunk));
      stream.on("trailers", (received) => (trailers = received));
      stream.on("error", reject);
      stream.on("end", () => {
        if (trailers?.["grpc-status"] === "0") {
          resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
        } else {
          reject(new Error(`grpc-status ${trailers?.["grpc-status"]}`));
        }
      });
      stream.end(message);
    });
  return {
    calls: {
      async get() {
        const request = create(GetProviderByIDRequestSchema, getProvider);
        const data = toBinary(GetProviderByIDRequestSchema, request);
        const frame = Buffer.allocUnsafe(5 + data.length);
        frame[0] = 0;
        frame.writeUInt32BE(data.length, 1);
        frame.set(data, 5);
        const response = await send(frame);
        const { idp } = fromBinary(GetProviderByIDResponseSchema, response.subarray(5));
        checkField(idp?.name, providerName);
      },
    },
  };
}
