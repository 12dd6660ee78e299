import * as http from "node:http";
import * as https from "node:https";
import { gunzipSync } from "node:zlib";
import {
  maxOutboundBytes,
  createOutboundTooLargeError,
  type OutboundRequest,
  type OutboundResponse,
} from "./outbound-request.js";

/** Sends one request with exactly the headers of Go's HTTP client. */
export function sendAsGo(
  { method, url, headers, body = "" }: OutboundRequest,
  signal: AbortSignal,
): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    const { request: open } = url.startsWith("https:") ? https : http;
    const sent = open(url, {
      method,
      signal,
      headers: {
        "user-agent": "Go-http-client/1.1",
        ...(method === "POST" && { "content-length": String(Buffer.byteLength(body)) }),
        ...headers,
        "accept-encoding": "gzip",
      },
    });
    // Go keeps connections open without a header that says so.
    sent.removeHeader("connection");
    sent.on("error", reject);
    sent.on("response", (response) => {
      readBytes(response).then((bytes) => resolve(toOutboundResponse(response, bytes)), reject);
    });
    sent.end(body);
  });
}

async function readBytes(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxOutboundBytes) {
      throw createOutboundTooLargeError();
    }
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const isCompressed = response.headers["content-encoding"] === "gzip";
  return isCompressed ? gunzipSync(bytes, { maxOutputLength: maxOutboundBytes }) : bytes;
}

function toOutboundResponse(
  { statusCode = 0, statusMessage = "", headers }: http.IncomingMessage,
  body: Buffer,
): OutboundResponse {
  return {
    status: statusCode,
    statusText: statusMessage,
    contentType: headers["content-type"] ?? "",
    location: headers.location,
    body,
  };
}
