import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { unsentError } from "../../call/attempt-error.js";
import { Call } from "../../call/call.js";
import { Deadline } from "../../call/deadline.js";
import { toZitadelError } from "./to-zitadel-error.js";
import type { ZitadelError } from "./zitadel-error.js";

/** Creates the error of a call whose options were rejected before the call reached its transport. */
export function invalidOptionsError(
  method: DescMethod,
  input: unknown,
  problem: string,
): ZitadelError {
  const call = new Call(new Deadline());
  return toZitadelError(unsentError(problem, Code.InvalidArgument), {
    method,
    input,
    call,
    protocol: undefined,
    baseUrl: undefined,
  });
}
