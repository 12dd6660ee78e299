import { sort } from "../utils/sort.js";
import { parseXml, type XmlElement, XmlError } from "./parse-xml.js";
import { decodeMetadata, findMetadataProblem, isIdentityProvider } from "./saml-metadata.js";

/** An endpoint of SAML metadata. */
export interface SamlEndpoint {
  /** The URN of the binding, e.g. `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST`. */
  readonly binding: string;
  readonly location: string;
}

/** A certificate of SAML metadata. */
export interface SamlCertificate {
  readonly use: "signing" | "encryption" | "both";
  /** The certificate as base64 of DER, without white space. */
  readonly base64: string;
}

/** The parts of a SAML identity provider's metadata that ZITADEL uses, and the times that limit the use of the metadata. */
export interface SamlEntity {
  readonly entityId: string;
  /** The earliest time at which the metadata expire: that of the list, of the entity, or of its role as identity provider. */
  readonly validUntil: Date | undefined;
  /** The time for which the metadata may be used without loading them again, as in the metadata, e.g. `PT1H`. */
  readonly cacheDuration: string | undefined;
  readonly wantsSignedRequests: boolean;
  readonly certificates: readonly SamlCertificate[];
  readonly nameIdFormats: readonly string[];
  readonly singleSignOn: readonly SamlEndpoint[];
  readonly singleLogout: readonly SamlEndpoint[];
  readonly artifactResolution: readonly SamlEndpoint[];
}

/**
 * Reads the identity provider in SAML metadata: the first entity with that role, as in ZITADEL. Returns undefined for metadata that
 * ZITADEL rejects.
 */
export function readSamlEntity(bytes: Uint8Array): SamlEntity | undefined {
  if (findMetadataProblem(bytes) !== undefined) {
    return undefined;
  }
  const root = parseMetadata(bytes);
  const entity = root?.name === "EntityDescriptor" ? root : root?.children.find(isIdentityProvider);
  return root && entity && toSamlEntity(entity, root);
}

function parseMetadata(bytes: Uint8Array): XmlElement | undefined {
  try {
    return parseXml(decodeMetadata(bytes));
  } catch (error) {
    if (error instanceof XmlError) {
      return undefined;
    }
    throw error;
  }
}

function toSamlEntity(entity: XmlElement, root: XmlElement): SamlEntity {
  const roles = childrenOf(entity, "IDPSSODescriptor");
  const listEndpoints = (name: string): SamlEndpoint[] =>
    roles.flatMap((role) => childrenOf(role, name)).map(toEndpoint);
  const times = [root, entity, ...roles].flatMap((each) => readMetadataTime(each, "validUntil"));
  return {
    entityId: attributeOf(entity, "entityID") ?? "",
    validUntil: sort(times, (a, b) => a.getTime() - b.getTime())[0],
    cacheDuration: attributeOf(entity, "cacheDuration"),
    wantsSignedRequests: roles.some((role) =>
      /^(?:1|t|true)$/i.test(attributeOf(role, "WantAuthnRequestsSigned")?.trim() ?? ""),
    ),
    certificates: roles
      .flatMap((role) => childrenOf(role, "KeyDescriptor"))
      .flatMap(readCertificates),
    nameIdFormats: roles
      .flatMap((role) => childrenOf(role, "NameIDFormat"))
      .map(({ text }) => text.trim()),
    singleSignOn: listEndpoints("SingleSignOnService"),
    singleLogout: listEndpoints("SingleLogoutService"),
    artifactResolution: listEndpoints("ArtifactResolutionService"),
  };
}

function toEndpoint(element: XmlElement): SamlEndpoint {
  return {
    binding: attributeOf(element, "Binding") ?? "",
    location: attributeOf(element, "Location") ?? "",
  };
}

/** The uses of a key by the attribute `use`. crewjam/saml ignores keys with another value. */
const keyUses: ReadonlyMap<string, SamlCertificate["use"]> = new Map([
  ["", "both"],
  ["signing", "signing"],
  ["encryption", "encryption"],
]);

function readCertificates(key: XmlElement): SamlCertificate[] {
  const use = keyUses.get(attributeOf(key, "use") ?? "");
  if (use === undefined) {
    return [];
  }
  const path = ["KeyInfo", "X509Data", "X509Certificate"];
  const elements = path.reduce<XmlElement[]>(
    (parents, name) => parents.flatMap((parent) => childrenOf(parent, name)),
    [key],
  );
  return elements.map(({ text }) => ({ use, base64: text.replace(/\s/g, "") }));
}

/** Returns the time in an attribute as a list of one, or an empty list. A time without a zone is in UTC, as for ZITADEL. */
function readMetadataTime(element: XmlElement, name: string): Date[] {
  const text = attributeOf(element, name) ?? "";
  const hasZone = /(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(`${text.replace(",", ".")}${hasZone ? "" : "Z"}`);
  return Number.isNaN(time.getTime()) ? [] : [time];
}

function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child) => child.name === name);
}

/** Returns the value of an attribute. Of several values, Go keeps the last one. */
function attributeOf({ attributes }: XmlElement, name: string): string | undefined {
  return attributes.filter(([each]) => each === name).at(-1)?.[1];
}
