import type { DescMessage } from "@bufbuild/protobuf";
import type { ConnectError, UnaryResponse } from "@connectrpc/connect";
import type { Call } from "../../call/call.js";
import type { CallTransport, UnaryCallRequest } from "../../call/call-transport.js";
import { loadFailureCode } from "../errors/convert-error.js";

/**
 * Returns an empty response if the error of a retry shows that an earlier attempt has done the work. If the code for that cannot be
 * loaded, the outcome remains unknown. Call it before this failure is recorded in the call.
 */
export async function findEarlierSuccess<I extends DescMessage, O extends DescMessage>(
  transport: CallTransport,
  call: Call,
  request: UnaryCallRequest<I, O>,
  error: ConnectError,
): Promise<UnaryResponse<I, O> | undefined> {
  if (!call.mayBeDone) {
    return undefined;
  }
  const code = await loadFailureCode().catch(() => undefined);
  return await code?.findAlreadyDone(transport, call, request, error);
}
