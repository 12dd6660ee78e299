import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { CallOptions } from "@connectrpc/connect";
import {
  type IDP,
  type LoginPolicy,
  type ObjectDetails,
  type Provider,
  TextQueryMethod,
} from "../../services/idp.js";
import type { FieldValues } from "../model/field-specs.js";
import { toStoredName } from "../model/stored-values.js";
import { readRawIfExists, type OwnerReads, ownerTypes } from "../owner-reads.js";
import { createdProviderTypes, legacyConfigCases } from "./add-methods.js";
import { hasLegacyContent, hasPolicyContent, hasProviderContent } from "./created-content.js";
import { listSameNamed } from "./list-same-named.js";
import type { Candidate } from "./unresolved-create-error.js";

/** An object that a search found. */
export type FoundObject = Omit<Candidate, "reason">;

/** The result of one search. */
export interface SearchResult {
  /** The objects with the content of the request. */
  readonly same: readonly FoundObject[];
  /** The objects with other content in the only possible place, such as a unique name. */
  readonly different: readonly FoundObject[];
}

/** A search for the object that a call creates. */
export interface CreatedObjectSearch {
  /** Searches once. */
  run(options: CallOptions): Promise<SearchResult>;
  /** True if at most one such object can exist. */
  readonly isUnique: boolean;
  /** True if any object that exists as requested counts, no matter who created it. */
  readonly acceptsAnyCreator: boolean;
}

/** Creates the search for a method. Returns undefined for an unknown method. */
export function createObjectSearch(
  reads: OwnerReads,
  method: string,
  request: FieldValues,
): CreatedObjectSearch | undefined {
  switch (method) {
    case "addCustomLoginPolicy":
      return { run: searchLoginPolicy(reads, request), isUnique: true, acceptsAnyCreator: true };
    case "addIDPToLoginPolicy":
      return { run: searchPolicyLink(reads, request), isUnique: true, acceptsAnyCreator: true };
    default:
      return Object.hasOwn(legacyConfigCases, method)
        ? {
            run: searchLegacyIdps(reads, method, request),
            isUnique: true,
            acceptsAnyCreator: false,
          }
        : Object.hasOwn(createdProviderTypes, method)
          ? {
              run: searchProviders(reads, method, request),
              isUnique: false,
              acceptsAnyCreator: false,
            }
          : undefined;
  }
}

type RunSearch = CreatedObjectSearch["run"];

/**
 * Creates the search for providers. A list shows the providers of the name. A read of each match, which is always current, confirms its
 * content.
 */
function searchProviders(reads: OwnerReads, method: string, request: FieldValues): RunSearch {
  const type = createdProviderTypes[method as keyof typeof createdProviderTypes];
  const isMatch = (each: Provider): boolean => hasProviderContent(type, request, each);
  const name = toStoredName(type, request);
  return async (options) => {
    const sameNamed = await listSameNamed(reads, name, options);
    const same: FoundObject[] = [];
    for (const { id } of sameNamed.filter(isMatch)) {
      const provider = (await readRawIfExists(reads, id, options))?.provider;
      if (provider !== undefined && isMatch(provider)) {
        // Lists show a legacy IDP as a provider of one of these types, but another RPC created it.
        const mayBeLegacy = type === "oidc" || type === "jwt";
        if (!(mayBeLegacy && (await isOwnLegacyIdp(reads, id, options)))) {
          same.push(toFoundObject(provider));
        }
      }
    }
    return { same, different: [] };
  };
}

async function isOwnLegacyIdp(
  reads: OwnerReads,
  id: string,
  options: CallOptions,
): Promise<boolean> {
  return (await reads.getLegacyIdp(id, options))?.owner === ownerTypes[reads.owner];
}

function searchLegacyIdps(reads: OwnerReads, method: string, request: FieldValues): RunSearch {
  const kind = legacyConfigCases[method as keyof typeof legacyConfigCases];
  const text = String(request["name"] ?? "");
  const name = text === "" ? undefined : { text, method: TextQueryMethod.EQUALS_IGNORE_CASE };
  return async (options) => {
    const same: FoundObject[] = [];
    const different: FoundObject[] = [];
    for (const idp of await reads.listLegacyIdps(name, options)) {
      // An organization also sees the legacy IDPs of the instance, and the list lags behind removals, so read each IDP. Compare the
      // content from the list, because GetIDPByID of the AdminService omits a field.
      if (idp.owner === ownerTypes[reads.owner] && (await isOwnLegacyIdp(reads, idp.id, options))) {
        (hasLegacyContent(kind, request, idp) ? same : different).push(toFoundObject(idp));
      }
    }
    return { same, different };
  };
}

function searchLoginPolicy(reads: OwnerReads, request: FieldValues): RunSearch {
  return async (options) => {
    const { policy, isInherited } = await reads.readPolicyLinks(options);
    if (policy === undefined || isInherited) {
      return { same: [], different: [] };
    }
    // A policy has no id of its own. Use the id of its organization.
    const found = toFoundObject(policy, policy.details?.resourceOwner);
    return hasPolicyContent(request, policy)
      ? { same: [found], different: [] }
      : { same: [], different: [found] };
  };
}

function searchPolicyLink(reads: OwnerReads, { idpId }: FieldValues): RunSearch {
  return async (options) => {
    const { links, isInherited } = await reads.readPolicyLinks(options);
    const same = (isInherited ? [] : links)
      .filter((link) => link.idpId === idpId)
      .map((link): FoundObject => ({ id: link.idpId, object: link, createdAt: undefined }));
    return { same, different: [] };
  };
}

function toFoundObject(
  object: (Provider | IDP | LoginPolicy) & { id?: string; details?: ObjectDetails | undefined },
  id: string = object.id ?? "",
): FoundObject {
  const created = object.details?.creationDate;
  return { id, object, createdAt: created && timestampDate(created) };
}
