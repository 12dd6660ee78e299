import { tryDecodeUtf8 } from "../utils/try-decode-utf8.js";
import { parseGoUrl } from "./parse-go-url.js";
import { invalidByte, parseXml, XmlError, type XmlElement } from "./parse-xml.js";
import {
  type ElementRules,
  entityListRules,
  entityRules,
  metadataNamespace,
} from "./saml-metadata-rules.js";

/**
 * Returns the reason why ZITADEL rejects bytes as the metadata of a SAML identity provider, or undefined if ZITADEL accepts
 * them. ZITADEL accepts one entity, or several entities of which one is an identity provider. It reads the entities with Go's
 * `encoding/xml` into the structs of github.com/crewjam/saml, and checks nothing else.
 */
export function findMetadataProblem(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) {
    return "is empty: give the provider's metadata, or metadataUrl in its place";
  }
  const text = new TextDecoder().decode(bytes);
  const isPage = /^\s*(?:<!doctype\s+html|<html)\b/i.test(text);
  let root: XmlElement;
  try {
    root = parseXml(decodeMetadata(bytes));
  } catch (error) {
    if (error instanceof XmlError) {
      return isPage ? htmlPage : `is not XML that ZITADEL reads (${error.message})`;
    }
    throw error;
  }
  const isEntity = root.name === "EntityDescriptor";
  if ((!isEntity && root.name !== "EntitiesDescriptor") || root.namespace !== metadataNamespace) {
    return isPage
      ? htmlPage
      : `must be an EntityDescriptor in the namespace ${metadataNamespace}, or an EntitiesDescriptor around several`;
  }
  const problem = findElementProblem(root, isEntity ? entityRules : entityListRules);
  if (problem !== undefined) {
    return problem;
  }
  return isEntity || root.children.some(isIdentityProvider)
    ? undefined
    : "has no EntityDescriptor with an IDPSSODescriptor: it is not the metadata of an identity provider";
}

const htmlPage = "is an HTML page: download the metadata itself";

/** Decodes bytes for `parseXml`. The replacement character counts as an invalid byte if there are invalid bytes too. */
export function decodeMetadata(bytes: Uint8Array): string {
  return tryDecodeUtf8(bytes) ?? new TextDecoder().decode(bytes).replaceAll("\ufffd", invalidByte);
}

/** Returns true for an entity of SAML that is an identity provider. */
export function isIdentityProvider({ name, namespace, children }: XmlElement): boolean {
  return (
    name === "EntityDescriptor" &&
    namespace === metadataNamespace &&
    children.some((child) => child.name === "IDPSSODescriptor")
  );
}

/** Returns the problem of the first value that the structs reject, in the element or in its children. */
function findElementProblem(element: XmlElement, rules: ElementRules): string | undefined {
  if (rules.namespace !== undefined && element.namespace !== rules.namespace) {
    return `has an element ${element.name} that is not in the namespace ${rules.namespace}`;
  }
  for (const [name, format] of Object.entries(rules.attributes ?? {})) {
    if (!listValues(element, name).every((value) => format.accepts(value))) {
      return `has an element ${element.name} whose ${name} is not ${format.name}`;
    }
  }
  if (rules.isEndpoint && !hasUrlLocations(element)) {
    return `has an element ${element.name} whose Location is not a URL with http:// or https://`;
  }
  for (const child of element.children) {
    const childRules = Object.hasOwn(rules.children ?? {}, child.name)
      ? rules.children?.[child.name]
      : undefined;
    // Go skips an entity of a list that is in another namespace.
    const isSkipped = rules === entityListRules && child.namespace !== metadataNamespace;
    const problem =
      childRules === undefined || isSkipped ? undefined : findElementProblem(child, childRules);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

/** The bindings whose locations must be URLs. */
const urlBindings = new Set([
  "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
  "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
  "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact",
  "urn:oasis:names:tc:SAML:2.0:bindings:SOAP",
  "urn:oasis:names:tc:SAML:1.0:bindings:SOAP-binding",
]);

function hasUrlLocations(element: XmlElement): boolean {
  const [binding = ""] = listValues(element, "Binding").slice(-1);
  const [location = ""] = listValues(element, "Location").slice(-1);
  const [response = ""] = listValues(element, "ResponseLocation").slice(-1);
  return (
    !urlBindings.has(binding) || (isHttpUrl(location) && (response === "" || isHttpUrl(response)))
  );
}

function isHttpUrl(text: string): boolean {
  return ["http", "https"].includes(parseGoUrl(text)?.scheme ?? "");
}

/** Returns all values of an attribute. Go checks each of them, and keeps the last one. */
function listValues({ attributes }: XmlElement, name: string): string[] {
  return attributes.filter(([each]) => each === name).map(([, value]) => value);
}
