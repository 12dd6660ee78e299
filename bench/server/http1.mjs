// An HTTP/1.1 server on bare sockets, with the parts of REST JSON and gRPC-web that the benchmarks need. It is cheaper than node:http,
// so that the clients are the bottleneck.
import { createServer } from "node:net";
import { grpcKey, grpcResponses, jsonResponses } from "./responses.mjs";
import { encodeEnvelope } from "./encode-envelope.mjs";

/** Starts the server. Counts the opened connections and the requests in `counters`. */
export function createHttp1Server(counters) {
  return createServer({ noDelay: true }, (socket) => {
    counters.connections++;
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let request = parseRequest(data); request !== undefined; request = parseRequest(data)) {
        counters.requests++;
        const response = respondTo(request);
        if (response !== null) {
          socket.write(response);
        }
        data = data.subarray(request.end);
      }
      rest = data;
    });
    socket.on("error", () => socket.destroy());
  });
}

/** Returns the first request in `data`, or `undefined` if it is not complete. Every peer sends the length of its body. */
function parseRequest(data) {
  const headEnd = data.indexOf("\r\n\r\n");
  if (headEnd === -1) {
    return undefined;
  }
  const head = data.latin1Slice(0, headEnd);
  const [, verb, path] = /^(\S+) (\S+) HTTP\/1\.1\r\n/.exec(head) ?? [];
  const [, length = "0"] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (path === undefined || /\r\ntransfer-encoding:/i.test(head)) {
    throw new Error(`an unknown kind of request: ${head}`);
  }
  const end = headEnd + 4 + Number(length);
  return end > data.length ? undefined : { verb, path, body: data.subarray(headEnd + 4, end), end };
}

function respondTo({ verb, path, body }) {
  if (path.startsWith("/zitadel.")) {
    return encodeOnce(`web ${grpcKey(body.subarray(5))}`, () =>
      encodeGrpcWeb(grpcResponses.get(grpcKey(body.subarray(5)))),
    );
  }
  const limit = path.endsWith("/_search")
    ? ` ${/"limit": *(\d+)/.exec(body.latin1Slice())?.[1]}`
    : "";
  const key = `${verb} ${path}${limit}`;
  return encodeOnce(key, () => encodeJson(jsonResponses.get(key)));
}

/** The encoded responses that were requested so far. */
const responses = new Map();

function encodeOnce(key, encode) {
  let response = responses.get(key);
  if (response === undefined) {
    response = encode();
    if (response === undefined) {
      throw new Error(`no response for the request ${key}`);
    }
    responses.set(key, response);
  }
  return response;
}

function encodeJson(create) {
  if (!create) {
    return create;
  }
  const { status, body } = create();
  return encodeHttp(status, "application/json", [], Buffer.from(body));
}

function encodeGrpcWeb(create) {
  if (!create) {
    return create;
  }
  const { message, trailers } = create();
  const type = "application/grpc-web+proto";
  if (message === undefined) {
    // ZITADEL sends errors in the headers, without a body.
    return encodeHttp("200 OK", type, trailers, Buffer.alloc(0));
  }
  const trailer = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return encodeHttp(
    "200 OK",
    type,
    [],
    Buffer.concat([encodeEnvelope(0, message), encodeEnvelope(0x80, Buffer.from(trailer))]),
  );
}

function encodeHttp(status, contentType, more, body) {
  const headers = [
    ["cache-control", "no-store"],
    ["content-type", contentType],
    ["expires", "Mon, 05 Jan 2026 10:00:00 GMT"],
    ["pragma", "no-cache"],
    ["vary", "Origin"],
    ["x-request-id", "d1k2m3n4o5p6q7r8s9t0"],
    ["x-robots-tag", "none"],
    ["date", "Mon, 05 Jan 2026 10:00:00 GMT"],
    ["content-length", body.length],
    ...more,
  ];
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\n${head}\r\n`), body]);
}
