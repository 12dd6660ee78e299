import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { UnfinishedError } from "../../src/cli/errors/unfinished-error.js";
import { describeCauses } from "../../src/cli/report/describe-error.js";
import { createProblem, ProviderError } from "../../src/providers/provider-error.js";

const cause = new ConnectError("denied", Code.PermissionDenied);

function providerError(quotes?: readonly unknown[]): ProviderError {
  const problems = [createProblem([], `a later step failed: ${cause.message}`, quotes)];
  return new ProviderError({ reason: "partly_done", about: "add", problems, cause });
}

test("a cause is reported unless the message of its error quotes it", () => {
  expect(describeCauses(providerError())).toEqual(["[permission_denied] denied"]);
  expect(describeCauses(providerError([cause]))).toEqual([]);
});

test("a cause whose text is by chance a part of another message is reported", () => {
  const inner = new Error("id", { cause: new Error("i") });
  const error = new UnfinishedError(inner, "zitadel-idp list", "the provider with this id is new");
  expect(describeCauses(error)).toEqual(["id", "i"]);
});

test("an error that repeats the message of another one has the quotes of that message", () => {
  expect(describeCauses(new UnfinishedError(providerError([cause]), "next"))).toEqual([]);
  expect(describeCauses(new UnfinishedError(cause, "next"))).toEqual([]);
});
