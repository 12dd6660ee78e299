import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { isCausedByDeadline } from "../../src/policy/errors/is-caused-by-deadline.js";

/** Creates an error as a transport returns it, with encoded details. */
function createError(text: string, code: Code, id?: string): ConnectError {
  const error = new ConnectError(text, code);
  if (id !== undefined) {
    const value = toBinary(ErrorDetailSchema, create(ErrorDetailSchema, { id }));
    error.details = [{ type: ErrorDetailSchema.typeName, value }];
  }
  return error;
}

test.each<[name: string, error: ConnectError, isCaused: boolean]>([
  ["its id in a detail", createError("x", Code.PermissionDenied, "AUTH-Bs7Ds"), true],
  ["its id at the end of the text", createError("x (AUTH-Bs7Ds)", Code.PermissionDenied), true],
  ["its id as a part of a name", createError("no AUTH-Bs7Ds here", Code.NotFound), false],
  ["another id", createError("x (AUTH-5mWD2)", Code.PermissionDenied), false],
  ["the code internal", createError("x", Code.Internal), true],
])("near the deadline, an error with %s", (_, error, isCaused) => {
  expect(isCausedByDeadline(error, 5)).toBe(isCaused);
  expect(isCausedByDeadline(error, 11)).toBe(false);
});
