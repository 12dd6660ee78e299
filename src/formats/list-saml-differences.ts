import { isDeepEqual } from "../utils/is-deep-equal.js";
import { sort } from "../utils/sort.js";
import type { SamlEndpoint, SamlEntity } from "./saml-entity.js";

/** The parts of metadata that decide about sign-in, as texts without an order. */
const parts: readonly (readonly [name: string, list: (entity: SamlEntity) => readonly string[]])[] =
  [
    ["entity id", ({ entityId }) => [entityId]],
    ["signing certificates", (entity) => listCertificates(entity, "encryption")],
    ["encryption certificates", (entity) => listCertificates(entity, "signing")],
    ["sign-on endpoints", ({ singleSignOn }) => singleSignOn.map(toText)],
    ["logout endpoints", ({ singleLogout }) => singleLogout.map(toText)],
    ["artifact endpoints", ({ artifactResolution }) => artifactResolution.map(toText)],
  ];

/**
 * Lists the parts in which the metadata of two SAML identity providers differ in meaning: entity id, certificates and endpoints. Ids,
 * dates, signatures, white space and the order of elements have no meaning. Returns an empty list for equal metadata.
 */
export function listSamlDifferences(a: SamlEntity, b: SamlEntity): string[] {
  return parts.flatMap(([name, list]) =>
    isDeepEqual(toSortedSet(list(a)), toSortedSet(list(b))) ? [] : [name],
  );
}

function listCertificates(
  { certificates }: SamlEntity,
  otherUse: "signing" | "encryption",
): string[] {
  return certificates.filter(({ use }) => use !== otherUse).map(({ base64 }) => base64);
}

function toText({ binding, location }: SamlEndpoint): string {
  return `${binding} ${location}`;
}

function toSortedSet(texts: readonly string[]): string[] {
  return sort(new Set(texts), (x, y) => (x < y ? -1 : 1));
}
