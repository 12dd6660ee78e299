import type { CallOptions } from "@connectrpc/connect";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { IDP, LoginPolicy, ObjectDetails, Provider } from "../idp.js";
import { legacyConfigs, providerConfigs } from "./adds.js";
import { isIdpOf, isPolicyOf, isProviderOf, storedName } from "./content.js";
import { TextQueryMethod } from "../idp.js";
import { isMissing, type NameQuery, type OwnerReads, ownerTypes } from "./owner-reads.js";
import type { Given } from "./stored.js";
import type { Candidate } from "./unresolved-create-error.js";

/** Something that was read. */
export type Seen = Omit<Candidate, "reason">;

/** What one look shows. */
export interface Sight {
  /** What has the content of the request. */
  readonly same: readonly Seen[];
  /** What has the only place there is for it, with other content. */
  readonly different: readonly Seen[];
}

/** How to look for what a call makes. */
export interface Search {
  look(options: CallOptions): Promise<Sight>;
  /** Whether there can be one at most: then the first that is found is the only one. */
  readonly unique: boolean;
  /** Whether it does not matter who made it: there is one place for it, and it is there as it was wanted. */
  readonly shared: boolean;
}

/** Undefined for a method that there is not. */
export function searchFor(reads: OwnerReads, method: string, request: Given): Search | undefined {
  switch (method) {
    case "addCustomLoginPolicy":
      return { look: lookForPolicy(reads, request), unique: true, shared: true };
    case "addIDPToLoginPolicy":
      return { look: lookForLink(reads, request), unique: true, shared: true };
    default:
      return Object.hasOwn(legacyConfigs, method)
        ? { look: lookForLegacy(reads, method, request), unique: true, shared: false }
        : Object.hasOwn(providerConfigs, method)
          ? { look: lookForProviders(reads, method, request), unique: false, shared: false }
          : undefined;
  }
}

type Look = Search["look"];

/** The list tells which there are, and the read of each, which is never stale, what they are. */
function lookForProviders(reads: OwnerReads, method: string, request: Given): Look {
  const kind = providerConfigs[method as keyof typeof providerConfigs];
  const isMatch = (each: Provider): boolean => isProviderOf(kind, request, each);
  const name = storedName(kind, request);
  return async (options) => {
    const { result } = await reads.list({ ...exactly(name), owner: reads.owner }, options);
    const same: Seen[] = [];
    for (const { id } of result.map(({ provider }) => provider).filter(isMatch)) {
      const provider = await readOrNothing(reads, id, options);
      if (provider !== undefined && isMatch(provider)) {
        // A legacy IDP shows up among the providers of these types, and was made by another RPC.
        const mayBeLegacy = kind === "oidc" || kind === "jwt";
        if (!(mayBeLegacy && (await isOwnLegacy(reads, id, options)))) {
          same.push(seen(provider));
        }
      }
    }
    return { same, different: [] };
  };
}

/** No query for an empty name: it would find nothing. */
function exactly(text: string): { name?: NameQuery } {
  return text === "" ? {} : { name: { text, method: TextQueryMethod.EQUALS } };
}

async function readOrNothing(
  reads: OwnerReads,
  id: string,
  options: CallOptions,
): Promise<Provider | undefined> {
  try {
    return (await reads.get(id, options)).provider;
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

async function isOwnLegacy(reads: OwnerReads, id: string, options: CallOptions): Promise<boolean> {
  return (await reads.legacyIdp(id, options))?.owner === ownerTypes[reads.owner];
}

function lookForLegacy(reads: OwnerReads, method: string, request: Given): Look {
  const kind = legacyConfigs[method as keyof typeof legacyConfigs];
  const text = String(request["name"] ?? "");
  const name = text === "" ? undefined : { text, method: TextQueryMethod.EQUALS_IGNORE_CASE };
  return async (options) => {
    const sight: { same: Seen[]; different: Seen[] } = { same: [], different: [] };
    for (const idp of await reads.legacy(name, options)) {
      // An organization sees those of the instance too, and the list lags behind removals. What it shows is compared, because the
      // AdminService's other read lacks a field.
      if (idp.owner === ownerTypes[reads.owner] && (await isOwnLegacy(reads, idp.id, options))) {
        (isIdpOf(kind, request, idp) ? sight.same : sight.different).push(seen(idp));
      }
    }
    return sight;
  };
}

function lookForPolicy(reads: OwnerReads, request: Given): Look {
  return async (options) => {
    const { policy, isInherited } = await reads.policyLinks(options);
    if (policy === undefined || isInherited) {
      return { same: [], different: [] };
    }
    // A policy has no id but that of its organization.
    const found = seen(policy, policy.details?.resourceOwner);
    return isPolicyOf(request, policy)
      ? { same: [found], different: [] }
      : { same: [], different: [found] };
  };
}

function lookForLink(reads: OwnerReads, { idpId }: Given): Look {
  return async (options) => {
    const { links, isInherited } = await reads.policyLinks(options);
    const same = (isInherited ? [] : links)
      .filter((link) => link.idpId === idpId)
      .map((link): Seen => ({ id: link.idpId, object: link, createdAt: undefined }));
    return { same, different: [] };
  };
}

function seen(
  object: (Provider | IDP | LoginPolicy) & { id?: string; details?: ObjectDetails | undefined },
  id: string = object.id ?? "",
): Seen {
  const created = object.details?.creationDate;
  return { id, object, createdAt: created && timestampDate(created) };
}
