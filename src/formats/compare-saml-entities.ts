import type { SamlEndpoint, SamlEntity } from "./saml-entity.js";

/** A difference between the metadata that ZITADEL has and those that the provider publishes now. */
interface SamlDifference {
  readonly part:
    "entity-id" | "signing-certificates" | "encryption-certificates" | "endpoints" | "requests";
  /** The difference for people, e.g. `1 signing certificate is new`. */
  readonly text: string;
  /** True if sign-in fails with the metadata that ZITADEL has. */
  readonly isBreaking: boolean;
}

/**
 * Returns the differences in meaning between the metadata that ZITADEL has and those that the provider publishes now: entity id,
 * certificates, endpoints, and the wish for signed requests. The order of elements and the dates of the metadata do not count.
 */
export function compareSamlEntities(current: SamlEntity, published: SamlEntity): SamlDifference[] {
  return [
    ...compareEntityIds(current, published),
    ...compareCertificates(current, published, "signing"),
    ...compareCertificates(current, published, "encryption"),
    ...compareEndpoints(current, published),
    ...compareSignedRequests(current, published),
  ];
}

function compareEntityIds(current: SamlEntity, published: SamlEntity): SamlDifference[] {
  const text = `the entity id is ${JSON.stringify(published.entityId)} instead of ${JSON.stringify(current.entityId)}`;
  return current.entityId === published.entityId
    ? []
    : [{ part: "entity-id", text, isBreaking: true }];
}

/** Compares the certificates for one use. Sign-in fails only if ZITADEL knows none of the signing certificates any more. */
function compareCertificates(
  current: SamlEntity,
  published: SamlEntity,
  use: "signing" | "encryption",
): SamlDifference[] {
  const before = listCertificates(current, use);
  const after = listCertificates(published, use);
  const text = describeChanges(before, after, `${use} certificate`);
  const isBreaking = use === "signing" && !hasCommonItem(before, after);
  return text === undefined ? [] : [{ part: `${use}-certificates`, text, isBreaking }];
}

function compareEndpoints(current: SamlEntity, published: SamlEntity): SamlDifference[] {
  return endpointKinds.flatMap(([name, key]) => {
    const before = listEndpoints(current[key]);
    const after = listEndpoints(published[key]);
    const text = describeChanges(before, after, `${name} endpoint`);
    const isBreaking = key === "singleSignOn" && !hasCommonItem(before, after);
    return text === undefined ? [] : [{ part: "endpoints", text, isBreaking }];
  });
}

function compareSignedRequests(current: SamlEntity, published: SamlEntity): SamlDifference[] {
  const text = published.wantsSignedRequests
    ? "requests must be signed now"
    : "requests need not be signed any more";
  return current.wantsSignedRequests === published.wantsSignedRequests
    ? []
    : [{ part: "requests", text, isBreaking: false }];
}

const endpointKinds = [
  ["single sign-on", "singleSignOn"],
  ["single logout", "singleLogout"],
  ["artifact resolution", "artifactResolution"],
] as const;

/** Returns the certificates for one use, with those for both uses. */
function listCertificates(
  { certificates }: SamlEntity,
  wantedUse: "signing" | "encryption",
): string[] {
  return certificates
    .filter(({ use }) => use === wantedUse || use === "both")
    .map(({ base64 }) => base64);
}

function listEndpoints(endpoints: readonly SamlEndpoint[]): string[] {
  return endpoints.map(({ binding, location }) => `${binding} ${location}`);
}

function hasCommonItem(before: readonly string[], after: readonly string[]): boolean {
  return before.some((each) => after.includes(each));
}

/** Describes the numbers of new and missing things. Returns undefined if nothing is new or missing. */
function describeChanges(
  before: readonly string[],
  after: readonly string[],
  name: string,
): string | undefined {
  const added = new Set(after.filter((each) => !before.includes(each))).size;
  const removed = new Set(before.filter((each) => !after.includes(each))).size;
  const parts = [
    ...(added > 0 ? [`${formatCount(added, name)} new`] : []),
    ...(removed > 0 ? [`${formatCount(removed, name)} gone`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

function formatCount(number: number, name: string): string {
  return number === 1 ? `1 ${name} is` : `${number} ${name}s are`;
}
