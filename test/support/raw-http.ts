import { request as httpRequest } from "node:http";
import { connect } from "node:http2";
import { connect as connectSocket } from "node:net";

/** A request without additions by a client library. */
export interface RawRequest {
  version?: 1 | 2;
  method: string;
  path: string;
  headers: Record<string, string | string[]>;
  body?: Uint8Array;
}

/** A response as received. */
export interface RawResponse {
  status: number;
  /** The headers. Repeated headers are lists. */
  headers: Record<string, string | string[]>;
  body: Buffer;
  trailers: Record<string, string>;
}

/** Sends one request to a server on this machine, over HTTP/1.1 or over HTTP/2 without TLS. */
export function sendRaw(port: number, request: RawRequest): Promise<RawResponse> {
  return request.version === 2 ? sendHttp2(port, request) : sendHttp1(port, request);
}

function sendHttp1(
  port: number,
  { method, path, headers, body }: RawRequest,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        host: "127.0.0.1",
        port,
        method,
        path,
        headers: {
          host: `localhost:${port}`,
          // Node.js sends no content-length by itself with GET and DELETE.
          ...(body && !headers["transfer-encoding"] && { "content-length": String(body.length) }),
          ...headers,
        },
        agent: false,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const grouped: Record<string, string | string[]> = {};
          for (const [name, values = []] of Object.entries(incoming.headersDistinct)) {
            grouped[name] = values.length === 1 ? (values[0] ?? "") : values;
          }
          resolve({
            status: incoming.statusCode ?? 0,
            headers: grouped,
            body: Buffer.concat(chunks),
            trailers: {},
          });
          incoming.destroy();
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function sendHttp2(
  port: number,
  { method, path, headers, body }: RawRequest,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    // Some tests send bodies above Node's default limit of 10 MB.
    const session = connect(`http://localhost:${port}`, { maxSessionMemory: 100 });
    session.on("error", reject);
    const { host, ...others } = headers;
    const stream = session.request({
      ":method": method,
      ":path": path,
      ":authority": String(host ?? `localhost:${port}`),
      ...others,
    });
    const response: RawResponse = { status: 0, headers: {}, body: Buffer.alloc(0), trailers: {} };
    const chunks: Buffer[] = [];
    stream.on("response", ({ ":status": status, ...received }) => {
      response.status = status ?? 0;
      response.headers = Object.fromEntries(Object.entries(received)) as Record<
        string,
        string | string[]
      >;
    });
    stream.on("trailers", (trailers) => {
      response.trailers = Object.fromEntries(Object.entries(trailers)) as Record<string, string>;
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      session.close();
      resolve({ ...response, body: Buffer.concat(chunks) });
    });
    stream.end(body);
  });
}

/** Sends bytes that no HTTP library would send. Returns all bytes until the server closes the connection. */
export function sendBytes(port: number, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connectSocket(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
  });
}
