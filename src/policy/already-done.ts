import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";

/**
 * What the second of two equal writes answers when the first was carried out: the ids of ZITADEL's error, by RPC. `Org`
 * is left out of the names, so that most rows hold the ids of both services. RPCs that are missing succeed twice.
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
 * Whether an error of a repeated write says that an earlier try of the same call has done it: what was to be removed is
 * gone, what was to be set is so. Only for a call of which an earlier try may have been carried out; to the first try the
 * same answer is a plain error.
 *
 * ZITADEL's error id decides, never the code alone: `not_found` also means that the caller has no role (AUTHZ-cdgFk), or
 * that no instance has the host name.
 *
 * The same id also answers a write that could never succeed, and then "done" is only as true as the state is: to remove
 * what never was leaves nothing behind; to deactivate an unknown IDP leaves none active. The exceptions are a provider of
 * type ZITADEL, which some versions refuse to delete with the id of a deleted one, and a provider of the instance that is
 * deleted through the ManagementService: both stay. `GetProviderByID` tells the
 * former, and is asked before it is believed; `ListProviders` tells the latter.
 */
export function isAlreadyDone(
  method: DescMethod,
  error: { readonly code: Code; readonly id?: string | undefined },
): boolean {
  const ids = byCode[error.code]?.[method.name.replace("Org", "")];
  return ids?.split(" ").includes(error.id ?? "") ?? false;
}
