import { tryDecodeUtf8 } from "../utils/try-decode-utf8.js";
import { parseXml, XmlError, type XmlElement } from "./parse-xml.js";
import {
  type ElementRules,
  entityListRules,
  entityRules,
  metadataNamespace,
} from "./saml-metadata-rules.js";

/**
 * Returns the reason why ZITADEL rejects bytes as the metadata of a SAML identity provider, or undefined if ZITADEL accepts
 * them. ZITADEL accepts one entity, or several entities of which one is an identity provider. It reads them with Go's
 * `encoding/xml` into the structs of github.com/crewjam/saml. Nothing else about the metadata is checked.
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

function decodeMetadata(bytes: Uint8Array): string {
  const text = tryDecodeUtf8(bytes);
  if (text === undefined) {
    throw new XmlError("the text is not UTF-8: convert the file", "", 0);
  }
  return text;
}

function isIdentityProvider({ name, namespace, children }: XmlElement): boolean {
  return (
    name === "EntityDescriptor" &&
    namespace === metadataNamespace &&
    children.some((child) => child.name === "IDPSSODescriptor")
  );
}

/** Returns the problem of the first value that Go's structs reject. */
function findElementProblem(element: XmlElement, rules: ElementRules): string | undefined {
  if (rules.namespace !== undefined && element.namespace !== rules.namespace) {
    return `has an ${element.name} that is not in the namespace ${rules.namespace}`;
  }
  for (const [name, format] of Object.entries(rules.attributes ?? {})) {
    const value = element.attributes.get(name);
    if (value !== undefined && !format.accepts(value)) {
      return `has an ${element.name} whose ${name} is not ${format.name}`;
    }
  }
  if (rules.isEndpoint && !hasUrlLocations(element)) {
    return `has a ${element.name} whose Location is not a URL with http:// or https://`;
  }
  for (const child of element.children) {
    const childRules = Object.hasOwn(rules.children ?? {}, child.name)
      ? rules.children?.[child.name]
      : undefined;
    // Go matches the entities of a list by namespace too. It does not read elements of another namespace as entities.
    const isOther = rules === entityListRules && child.namespace !== metadataNamespace;
    const found =
      childRules === undefined || isOther ? undefined : findElementProblem(child, childRules);
    if (found !== undefined) {
      return found;
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

function hasUrlLocations({ attributes }: XmlElement): boolean {
  const response = attributes.get("ResponseLocation") ?? "";
  return (
    !urlBindings.has(attributes.get("Binding") ?? "") ||
    [attributes.get("Location") ?? "", ...(response === "" ? [] : [response])].every((each) =>
      /^https?:\P{Cc}*$/iu.test(each),
    )
  );
}
