import { Code } from "@connectrpc/connect";
import { first, type WireResponse } from "../wire/exchange.js";

/** Returns the error code of a response in Connect's spelling, or `undefined` if the response is not an error. */
export function codeOf({ status, headers, trailers = [], body }: WireResponse): string | undefined {
  const grpcStatus = first(trailers, "grpc-status") ?? first(headers, "grpc-status");
  const code = grpcStatus === undefined && status >= 400 ? codeInBody(body) : Number(grpcStatus);
  const name = code === undefined ? undefined : Code[code];
  // Converts e.g. DeadlineExceeded to deadline_exceeded.
  return name?.replace(/(?<=.)[A-Z]/g, "_$&").toLowerCase();
}

function codeInBody(body: Uint8Array | undefined): number | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof json === "object" && json !== null && "code" in json
      ? Number(json.code)
      : undefined;
  } catch {
    return undefined;
  }
}
