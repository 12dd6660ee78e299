import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";

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
