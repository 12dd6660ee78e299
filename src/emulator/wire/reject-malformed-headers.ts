import { isGrpcTimeout } from "./grpc-timeout.js";
import { findFirstHeader, type HeaderList, type WireResponse } from "./http-message.js";

/** Creates the response to a request whose headers gRPC cannot parse. Returns `undefined` for valid headers. */
export function rejectMalformedHeaders(headers: HeaderList): WireResponse | undefined {
  const timeout = findFirstHeader(headers, "grpc-timeout");
  let reason: string | undefined;
  if (timeout !== undefined && !isGrpcTimeout(timeout)) {
    reason = `malformed grpc-timeout: transport: ${describeTimeoutMistake(timeout)}: "${timeout}"\n`;
  }
  for (const [name, value] of headers) {
    if (name.endsWith("-bin") && !/^[A-Za-z0-9+/=,\s]*$/.test(value)) {
      reason ??= `malformed binary metadata "" in header "${name}": illegal base64 data at input byte ${value.search(/[^A-Za-z0-9+/=]/)}\n`;
    }
  }
  return reason === undefined
    ? undefined
    : {
        status: 400,
        headers: [
          ["content-type", "text/plain; charset=utf-8"],
          ["x-content-type-options", "nosniff"],
        ],
        body: new TextEncoder().encode(reason),
      };
}

function describeTimeoutMistake({ length }: string): string {
  if (length < 2) {
    return "timeout string is too short";
  }
  return length > 9 ? "timeout string is too long" : "timeout unit is not recognized";
}
