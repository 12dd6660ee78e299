import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
} from "@bufbuild/protobuf";
import { Code, ConnectError, type UnaryResponse } from "@connectrpc/connect";
import type { Call } from "../../call/call.js";
import type { CallTransport, UnaryCallRequest } from "../../call/call-transport.js";
import { findErrorId } from "../../hints/error-id.js";

/**
 * The error ids with which ZITADEL answers a repeated write that was already carried out, by RPC. `Org` is removed from the
 * names, so that most rows hold the ids of both services. RPCs that are not listed succeed twice.
 */
const gone: Readonly<Record<string, string>> = {
  DeleteProvider: "INST-Se3tg ORG-Se3tg",
  RemoveHumanLinkedIDP: "COMMAND-1M9xR",
  RemoveIDP: "INSTANCE-4M0xy QUERY-rhR2o",
  RemoveIDPFromLoginPolicy: "INSTANCE-39fjs Org-39fjs",
  ResetLoginPolicyToDefault: "Org-GHB37",
};
const unchanged: Readonly<Record<string, string>> = {
  DeactivateIDP: "INSTANCE-2n0fs Org-BBmd0",
  ReactivateIDP: "INSTANCE-5Mo0d Org-5Mo0d",
  UpdateCustomLoginPolicy: "Org-5M9vdd",
  UpdateIDP: "INSTANCE-3k0fs Org-jf9w",
  UpdateIDPJWTConfig: "INSTANCE-3n9gg Org-2k9fs",
  UpdateIDPOIDCConfig: "INSTANCE-d8kwF Org-10ods",
  UpdateLoginPolicy: "INSTANCE-5M9vdd",
};
const byCode: { readonly [code: number]: Readonly<Record<string, string>> } = {
  [Code.NotFound]: gone,
  [Code.FailedPrecondition]: unchanged,
};

/**
 * Returns true if the error of a retried write means that an earlier attempt of the same call has done it: the object to remove
 * is gone, or the value to set is already set. Call it only if an earlier attempt may have been carried out; for a first attempt,
 * the same response is a plain error.
 *
 * ZITADEL's error id decides, never the code alone: `not_found` also means that the caller has no role (AUTHZ-cdgFk), or that no
 * instance has the host name.
 *
 * The same id also answers a write that could never succeed, and then the desired state holds anyway: removing an object that
 * never existed leaves nothing behind, and deactivating an unknown IDP leaves none active. There are two exceptions, in which the
 * provider stays: a provider of type ZITADEL, which some versions refuse to delete with the id of a deleted one, and a provider
 * of the instance that is deleted through the ManagementService. `GetProviderByID` reveals the first, and is called before the id
 * is believed; `ListProviders` reveals the second.
 */
export function isAlreadyDone(
  method: DescMethod,
  error: { readonly code: Code; readonly id?: string | undefined },
): boolean {
  const ids = byCode[error.code]?.[method.name.replace("Org", "")];
  return ids?.split(" ").includes(error.id ?? "") ?? false;
}

/**
 * Returns an empty response if the error of a retry means that an earlier attempt has done the work, and records that in the call.
 * Call it only if an earlier attempt may have been carried out.
 */
export async function findAlreadyDone<I extends DescMessage, O extends DescMessage>(
  transport: CallTransport,
  call: Call,
  request: UnaryCallRequest<I, O>,
  error: ConnectError,
): Promise<UnaryResponse<I, O> | undefined> {
  const { method } = request;
  const id = findErrorId(error);
  if (
    id === undefined ||
    !isAlreadyDone(method, { code: error.code, id }) ||
    !(await isReallyGone(transport, call, request))
  ) {
    return undefined;
  }
  call.alreadyDone = id;
  return createEmptyResponse(method, id);
}

/**
 * Checks that the provider that a DeleteProvider did not find is really gone. ZITADEL sends the same error for a provider of type
 * ZITADEL, which some versions refuse to delete. The read is never stale. All other RPCs return true, because their errors are
 * unambiguous.
 */
async function isReallyGone<I extends DescMessage, O extends DescMessage>(
  transport: CallTransport,
  call: Call,
  request: UnaryCallRequest<I, O>,
): Promise<boolean> {
  const { method, input } = request;
  const read = method.parent.method["getProviderByID"] as DescMethodUnary | undefined;
  if (method.name !== "DeleteProvider" || read === undefined || !("id" in input)) {
    return true;
  }
  try {
    await transport.send(call, { ...request, method: read, input: { id: input.id } });
    return false;
  } catch (error) {
    return ConnectError.from(error).code === Code.NotFound;
  }
}

/**
 * The response header that marks a success that was concluded from the response to a retry. Its value is the id of ZITADEL's
 * error.
 */
const alreadyDoneHeader = "zitadel-idp-already-done";

/** Builds an empty response for a write that an earlier attempt already completed. */
function createEmptyResponse<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  id: string,
): UnaryResponse<I, O> {
  return {
    stream: false,
    service: method.parent,
    method,
    header: new Headers({ [alreadyDoneHeader]: id }),
    message: create(method.output),
    trailer: new Headers(),
  };
}
