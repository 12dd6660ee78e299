import type { StreamRequest } from "@connectrpc/connect";
import { startDeadline } from "../call/start-deadline.js";
import { Call, callOf } from "../call/call.js";
import type { HeaderFields, RequestPolicy } from "./run-attempt.js";

/** Runs the policy of a client for a stream, and then opens it by `send` with the header fields that the policy has set. */
export async function runStreamPolicy<R>(
  policy: RequestPolicy | undefined,
  { url, header, signal, contextValues }: StreamRequest,
  send: (fields: HeaderFields) => Promise<R>,
): Promise<R> {
  const fields = Object.fromEntries(header);
  if (policy === undefined) {
    return await send(fields);
  }
  const { deadline, stop } = startDeadline({ signal });
  const call = callOf(contextValues) ?? new Call(deadline);
  try {
    return await policy({ call, url, fields, deadline, isStream: true }, (request) =>
      send(request.fields),
    );
  } finally {
    stop();
  }
}
