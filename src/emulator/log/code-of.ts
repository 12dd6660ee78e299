import { Code } from "@connectrpc/connect";
import { first, type WireResponse } from "../wire/exchange.js";

/** The code of the error that an answer tells, in Connect's spelling; `undefined` if it tells none. */
export function codeOf({ status, headers, trailers = [], body }: WireResponse): string | undefined {
  const grpcStatus = first(trailers, "grpc-status") ?? first(headers, "grpc-status");
  const code = grpcStatus === undefined && status >= 400 ? codeInBody(body) : Number(grpcStatus);
  const name = code === undefined ? undefined : Code[code];
  // DeadlineExceeded is deadline_exceeded.
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
