// An HTTP/1.1 server for REST JSON and gRPC-web with just enough of both, on bare sockets. It is cheaper than node:http, so that
// the clients are the bottleneck.
import { createServer } from "node:net";
import { grpcAnswers, grpcKey, jsonAnswers } from "./answers.mjs";
import { envelope } from "./envelope.mjs";

/** Starts the server. Counts the opened connections and the requests in `counters`. */
export function createHttp1Server(counters) {
  return createServer({ noDelay: true }, (socket) => {
    counters.connections++;
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let request = parse(data); request !== undefined; request = parse(data)) {
        counters.requests++;
        const answer = answerTo(request);
        if (answer !== null) {
          socket.write(answer);
        }
        data = data.subarray(request.end);
      }
      rest = data;
    });
    socket.on("error", () => socket.destroy());
  });
}

/** Returns the first request in `data` if it is complete. Every peer sends the length of its body. */
function parse(data) {
  const headEnd = data.indexOf("\r\n\r\n");
  if (headEnd === -1) {
    return undefined;
  }
  const head = data.latin1Slice(0, headEnd);
  const [, verb, path] = /^(\S+) (\S+) HTTP\/1\.1\r\n/.exec(head) ?? [];
  const [, length = "0"] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (path === undefined || /\r\ntransfer-encoding:/i.test(head)) {
    throw new Error(`not a request that is known here: ${head}`);
  }
  const end = headEnd + 4 + Number(length);
  return end > data.length ? undefined : { verb, path, body: data.subarray(headEnd + 4, end), end };
}

function answerTo({ verb, path, body }) {
  if (path.startsWith("/zitadel.")) {
    return encoded(`web ${grpcKey(body.subarray(5))}`, () =>
      webAnswer(grpcAnswers.get(grpcKey(body.subarray(5)))),
    );
  }
  const limit = path.endsWith("/_search")
    ? ` ${/"limit": *(\d+)/.exec(body.latin1Slice())?.[1]}`
    : "";
  const key = `${verb} ${path}${limit}`;
  return encoded(key, () => jsonAnswer(jsonAnswers.get(key)));
}

/** The encoded responses that were requested so far. */
const answers = new Map();

function encoded(key, encode) {
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = encode();
    if (answer === undefined) {
      throw new Error(`no answer for the request ${key}`);
    }
    answers.set(key, answer);
  }
  return answer;
}

function jsonAnswer(make) {
  if (make === undefined || make === null) {
    return make;
  }
  const { status, body } = make();
  return http(status, "application/json", [], Buffer.from(body));
}

function webAnswer(make) {
  if (make === undefined || make === null) {
    return make;
  }
  const { message, trailers } = make();
  const type = "application/grpc-web+proto";
  if (message === undefined) {
    // ZITADEL sends errors in the headers, without a body.
    return http("200 OK", type, trailers, Buffer.alloc(0));
  }
  const trailer = trailers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return http(
    "200 OK",
    type,
    [],
    Buffer.concat([envelope(0, message), envelope(0x80, Buffer.from(trailer))]),
  );
}

function http(status, contentType, more, body) {
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
