import type { CallOptions } from "@connectrpc/connect";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { IDP, LoginPolicy, ObjectDetails, Provider } from "../../idp.js";
import { legacyConfigs, providerConfigs } from "./add-methods.js";
import { isIdpOf, isPolicyOf, isProviderOf, storedName } from "./created-content.js";
import { TextQueryMethod } from "../../idp.js";
import { isMissing, type NameQuery, type OwnerReads, ownerTypes } from "../owner-reads.js";
import type { Given } from "../model/stored-values.js";
import type { Candidate } from "./unresolved-create-error.js";

/** An object that a search found. */
export type Seen = Omit<Candidate, "reason">;

/** The result of one search. */
export interface Sight {
  /** The objects with the content of the request. */
  readonly same: readonly Seen[];
  /** The objects with other content that occupy the only possible place, such as a unique name. */
  readonly different: readonly Seen[];
}

/** A search for the object that a call creates. */
export interface Search {
  look(options: CallOptions): Promise<Sight>;
  /** True if at most one such object can exist: then the first one found is the only one. */
  readonly unique: boolean;
  /** True if it does not matter who created the object, because only one can exist and it exists as requested. */
  readonly shared: boolean;
}

/** Creates the search for a method. Returns undefined for an unknown method. */
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

/**
 * Creates the search for providers. The list shows which providers exist; a read of each, which is always current, shows their
 * content.
 */
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
        // Lists show a legacy IDP as a provider of one of these types, but another RPC created it.
        const mayBeLegacy = kind === "oidc" || kind === "jwt";
        if (!(mayBeLegacy && (await isOwnLegacy(reads, id, options)))) {
          same.push(seen(provider));
        }
      }
    }
    return { same, different: [] };
  };
}

/** Returns the query for a name. An empty name gets no query, because the server would find nothing. */
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
      // An organization also sees the legacy IDPs of the instance, and the list lags behind removals. Compare the content from
      // the list, because the AdminService's other read lacks a field.
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
    // A policy has no id of its own. Use the id of its organization.
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
