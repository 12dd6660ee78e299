import type { DescMethod } from "@bufbuild/protobuf";
import { invalidCallOptions } from "../../call/call-problem.js";
import { recordCall } from "../../call/call-record.js";
import { toZitadelError } from "./to-zitadel-error.js";
import type { ZitadelError } from "./zitadel-error.js";

/** Creates the error of a call whose options were rejected before the call reached its transport. */
export function invalidOptions(method: DescMethod, input: unknown, options: object): ZitadelError {
  const [record] = recordCall(undefined);
  const about = { method, input, record, protocol: undefined, baseUrl: undefined };
  return toZitadelError(invalidCallOptions(options), about);
}
