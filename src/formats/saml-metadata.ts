import { parseXml, XmlError, type XmlElement } from "./parse-xml.js";

const metadataNamespace = "urn:oasis:names:tc:SAML:2.0:metadata";

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
    root = parseXml(decodeUtf8(bytes));
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
  const unread = unreadable(root, isEntity ? entity : entities);
  if (unread !== undefined) {
    return unread;
  }
  return isEntity || root.children.some(isIdentityProvider)
    ? undefined
    : "has no EntityDescriptor with an IDPSSODescriptor: it is not the metadata of an identity provider";
}

const htmlPage = "is an HTML page: download the metadata itself";

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new XmlError("the text is not UTF-8: convert the file", "", 0);
  }
}

function isIdentityProvider({ name, namespace, children }: XmlElement): boolean {
  return (
    name === "EntityDescriptor" &&
    namespace === metadataNamespace &&
    children.some((child) => child.name === "IDPSSODescriptor")
  );
}

/** The rules for an element. Elements and attributes without a rule may hold anything. */
interface Shape {
  /** The namespace that the element must have. */
  readonly namespace?: string;
  readonly attributes?: Readonly<Record<string, Form>>;
  readonly children?: Readonly<Record<string, Shape>>;
  /** Set if the locations of the element must be URLs. */
  readonly isEndpoint?: true;
}

/** A form that the value of an attribute must have, and the name of the form in messages. */
interface Form {
  readonly name: string;
  accepts(value: string): boolean;
}

const boolean: Form = {
  name: "true or false",
  accepts: (value) => /^\s*(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)\s*$|^$/.test(value),
};
const integer: Form = {
  name: "a whole number",
  accepts: (value) => /^\s*[+-]?\d{1,19}\s*$|^$/.test(value),
};
const duration: Form = {
  name: "a duration such as PT1H",
  accepts: (value) =>
    /^-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/.test(
      value,
    ),
};
const dateTime = /^\d{4}-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)?$/;
const time = (isZoneNeeded: boolean): Form => ({
  name: "a time such as 2030-01-01T00:00:00Z",
  accepts: (value) => {
    const [, month, day, hour, minute, second, zone] = dateTime.exec(value) ?? [];
    const lastDay = new Date(Date.UTC(Number(value.slice(0, 4)), Number(month), 0)).getUTCDate();
    return value === ""
      ? !isZoneNeeded
      : within(month, 1, 12) &&
          within(day, 1, lastDay) &&
          within(hour, 0, 23) &&
          within(minute, 0, 59) &&
          within(second, 0, 59) &&
          (zone !== undefined || !isZoneNeeded);
  },
});

function within(digits: string | undefined, min: number, max: number): boolean {
  return digits !== undefined && Number(digits) >= min && Number(digits) <= max;
}

const endpoint: Shape = { isEndpoint: true };
const indexedEndpoint: Shape = {
  isEndpoint: true,
  attributes: { index: integer, isDefault: boolean },
};
const roleAttributes = { validUntil: time(true), cacheDuration: integer };
const signOnChildren = {
  ArtifactResolutionService: indexedEndpoint,
  SingleLogoutService: endpoint,
  ManageNameIDService: endpoint,
};
const entity: Shape = {
  attributes: { validUntil: time(false), cacheDuration: duration },
  children: {
    RoleDescriptor: { attributes: roleAttributes },
    IDPSSODescriptor: {
      namespace: metadataNamespace,
      attributes: { ...roleAttributes, WantAuthnRequestsSigned: boolean },
      children: {
        ...signOnChildren,
        ArtifactResolutionService: endpoint,
        SingleSignOnService: endpoint,
        NameIDMappingService: endpoint,
        AssertionIDRequestService: endpoint,
      },
    },
    SPSSODescriptor: {
      namespace: metadataNamespace,
      attributes: {
        ...roleAttributes,
        AuthnRequestsSigned: boolean,
        WantAssertionsSigned: boolean,
      },
      children: {
        ...signOnChildren,
        AssertionConsumerService: indexedEndpoint,
        AttributeConsumingService: {
          attributes: { index: integer, isDefault: boolean },
          children: { RequestedAttribute: { attributes: { isRequired: boolean } } },
        },
      },
    },
    AuthnAuthorityDescriptor: {
      attributes: roleAttributes,
      children: { AuthnQueryService: endpoint, AssertionIDRequestService: endpoint },
    },
    AttributeAuthorityDescriptor: {
      attributes: roleAttributes,
      children: { AttributeService: endpoint, AssertionIDRequestService: endpoint },
    },
    PDPDescriptor: {
      attributes: roleAttributes,
      children: { AuthzService: endpoint, AssertionIDRequestService: endpoint },
    },
    AffiliationDescriptor: { attributes: roleAttributes },
  },
};
const entities: Shape = {
  attributes: { validUntil: time(false), cacheDuration: duration },
  get children() {
    return { EntityDescriptor: entity, EntitiesDescriptor: entities };
  },
};

/** Returns the problem of the first value that Go's structs reject. */
function unreadable(element: XmlElement, shape: Shape): string | undefined {
  if (shape.namespace !== undefined && element.namespace !== shape.namespace) {
    return `has an ${element.name} that is not in the namespace ${shape.namespace}`;
  }
  for (const [name, form] of Object.entries(shape.attributes ?? {})) {
    const value = element.attributes.get(name);
    if (value !== undefined && !form.accepts(value)) {
      return `has an ${element.name} whose ${name} is not ${form.name}`;
    }
  }
  if (shape.isEndpoint && !hasLocations(element)) {
    return `has a ${element.name} whose Location is not a URL with http:// or https://`;
  }
  for (const child of element.children) {
    const inner = Object.hasOwn(shape.children ?? {}, child.name)
      ? shape.children?.[child.name]
      : undefined;
    // Go matches the entities of a list by namespace too. It does not read elements of another namespace as entities.
    const isOther = shape === entities && child.namespace !== metadataNamespace;
    const found = inner === undefined || isOther ? undefined : unreadable(child, inner);
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

function hasLocations({ attributes }: XmlElement): boolean {
  const response = attributes.get("ResponseLocation") ?? "";
  return (
    !urlBindings.has(attributes.get("Binding") ?? "") ||
    [attributes.get("Location") ?? "", ...(response === "" ? [] : [response])].every((each) =>
      /^https?:\P{Cc}*$/iu.test(each),
    )
  );
}
