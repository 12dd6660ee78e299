import { Code } from "@connectrpc/connect";
import { findFirstHeader, type WireResponse } from "../wire/http-message.js";

/** Returns the error code of a response in Connect's spelling, or `undefined` if the response is not an error. */
export function readResponseErrorCode({
  status,
  headers,
  trailers = [],
  body,
}: WireResponse): string | undefined {
  const grpcStatus =
    findFirstHeader(trailers, "grpc-status") ?? findFirstHeader(headers, "grpc-status");
  const code = grpcStatus === undefined && status >= 400 ? readBodyCode(body) : Number(grpcStatus);
  if (typeof code === "string") {
    return code;
  }
  const name = code === undefined ? undefined : Code[code];
  // Converts e.g. DeadlineExceeded to deadline_exceeded.
  return name?.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase();
}

/** Reads the code in the body of an error: a number over REST, a name by the Connect protocol. */
function readBodyCode(body: Uint8Array | undefined): number | string | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof json !== "object" || json === null || !("code" in json)) {
      return undefined;
    }
    return typeof json.code === "string" ? json.code : Number(json.code);
  } catch {
    return undefined;
  }
}
