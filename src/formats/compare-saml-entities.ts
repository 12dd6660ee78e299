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
  const differences: SamlDifference[] = [];
  if (current.entityId !== published.entityId) {
    differences.push({
      part: "entity-id",
      text: `the entity id is ${JSON.stringify(published.entityId)} instead of ${JSON.stringify(current.entityId)}`,
      isBreaking: true,
    });
  }
  const had = listCertificates(current, "encryption");
  const has = listCertificates(published, "encryption");
  const certificates = describeChanges(had, has, "signing certificate");
  if (certificates !== undefined) {
    const isKept = had.some((each) => has.includes(each));
    differences.push({ part: "signing-certificates", text: certificates, isBreaking: !isKept });
  }
  const encryption = describeChanges(
    listCertificates(current, "signing"),
    listCertificates(published, "signing"),
    "encryption certificate",
  );
  if (encryption !== undefined) {
    differences.push({ part: "encryption-certificates", text: encryption, isBreaking: false });
  }
  for (const [name, key] of endpointKinds) {
    const [before, after] = [listEndpoints(current[key]), listEndpoints(published[key])];
    const text = describeChanges(before, after, `${name} endpoint`);
    if (text !== undefined) {
      const isKept = before.some((each) => after.includes(each));
      const isBreaking = key === "singleSignOn" && !isKept;
      differences.push({ part: "endpoints", text, isBreaking });
    }
  }
  if (current.wantsSignedRequests !== published.wantsSignedRequests) {
    const text = published.wantsSignedRequests
      ? "requests must be signed now"
      : "requests need not be signed any more";
    differences.push({ part: "requests", text, isBreaking: false });
  }
  return differences;
}

const endpointKinds = [
  ["single sign-on", "singleSignOn"],
  ["single logout", "singleLogout"],
  ["artifact resolution", "artifactResolution"],
] as const;

/** Returns the certificates without those for the other use. */
function listCertificates(
  { certificates }: SamlEntity,
  otherUse: "signing" | "encryption",
): string[] {
  return certificates.filter(({ use }) => use !== otherUse).map(({ base64 }) => base64);
}

function listEndpoints(endpoints: readonly SamlEndpoint[]): string[] {
  return endpoints.map(({ binding, location }) => `${binding} ${location}`);
}

/** Returns the numbers of new and missing things. Returns undefined if there are none. */
function describeChanges(
  before: readonly string[],
  after: readonly string[],
  name: string,
): string | undefined {
  const added = new Set(after.filter((each) => !before.includes(each))).size;
  const removed = new Set(before.filter((each) => !after.includes(each))).size;
  const parts = [
    ...(added > 0 ? [`${count(added, name)} new`] : []),
    ...(removed > 0 ? [`${count(removed, name)} gone`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

function count(number: number, name: string): string {
  return number === 1 ? `1 ${name} is` : `${number} ${name}s are`;
}
