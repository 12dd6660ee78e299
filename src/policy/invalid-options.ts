import type { DescMethod } from "@bufbuild/protobuf";
import { invalidCall } from "../transport/call-options.js";
import { recordCall } from "./call.js";
import { toZitadelError } from "./to-zitadel-error.js";
import type { ZitadelError } from "./zitadel-error.js";

/** Returns the error of a call whose options were refused before its transport was asked. */
export function invalidOptions(method: DescMethod, input: unknown, problem: string): ZitadelError {
  const [record] = recordCall(undefined);
  return toZitadelError(invalidCall(problem), {
    method,
    input,
    record,
    protocol: undefined,
    baseUrl: undefined,
  });
}
