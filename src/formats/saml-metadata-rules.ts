import { parseGoBoolean } from "./go-boolean.js";
import { trim } from "../utils/trim.js";

/** The XML namespace of SAML metadata. */
export const metadataNamespace = "urn:oasis:names:tc:SAML:2.0:metadata";

/** The rules for an element. Elements and attributes without a rule may hold anything. */
export interface ElementRules {
  /** The namespace that the element must have. */
  readonly namespace?: string;
  readonly attributes?: Readonly<Record<string, AttributeFormat>>;
  readonly children?: Readonly<Record<string, ElementRules>>;
  /** Set if the locations of the element must be URLs. */
  readonly isEndpoint?: true;
}

/** A format that the value of an attribute must have. The formats are those of Go's `strconv` and `time`, and of crewjam/saml. */
interface AttributeFormat {
  /** The name of the format in messages. */
  readonly name: string;
  accepts(value: string): boolean;
}

const boolean: AttributeFormat = {
  name: "true or false",
  accepts: (value) => value === "" || parseGoBoolean(trim(value)) !== undefined,
};
const integer: AttributeFormat = {
  name: "a whole number",
  accepts: (value) => value === "" || isInt64(trim(value)),
};
const durationPattern =
  /^-?P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const duration: AttributeFormat = {
  name: "a duration such as PT1H",
  accepts: (value) => {
    const [match, ...parts] = durationPattern.exec(value) ?? [];
    const seconds = Number(parts.pop() ?? 0);
    const isInRange = parts.every(
      (part: string | undefined) => part === undefined || isInt64(part),
    );
    return match !== undefined && Number.isFinite(seconds) && isInRange;
  },
};
const dateTime =
  /^\d{4}-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d+)?(?:(Z)|[+-](\d\d):(\d\d))?$/;
const createTimeFormat = (isZoneNeeded: boolean): AttributeFormat => ({
  name: "a time such as 2030-01-01T00:00:00Z",
  accepts: (value) => {
    const [, month, day, hour, minute, second, utc, zoneHour = "0", zoneMinute] =
      dateTime.exec(value) ?? [];
    const lastDay = new Date(Date.UTC(Number(value.slice(0, 4)), Number(month), 0)).getUTCDate();
    return value === ""
      ? !isZoneNeeded
      : isWithin(month, 1, 12) &&
          isWithin(day, 1, lastDay) &&
          isWithin(hour, 0, 23) &&
          isWithin(minute, 0, 59) &&
          isWithin(second, 0, 59) &&
          // Go allows offsets of up to 24 hours and 60 minutes.
          isWithin(zoneHour, 0, 24) &&
          isWithin(zoneMinute ?? "0", 0, 60) &&
          (utc !== undefined || zoneMinute !== undefined || !isZoneNeeded);
  },
});

/** Returns true for a signed 64-bit number. */
function isInt64(text: string): boolean {
  const [, sign, digits] = /^([+-]?)0*(\d{1,19})$/.exec(text) ?? [];
  const limit = 2n ** 63n - (sign === "-" ? 0n : 1n);
  return digits !== undefined && BigInt(digits) <= limit;
}

function isWithin(digits: string | undefined, min: number, max: number): boolean {
  return digits !== undefined && Number(digits) >= min && Number(digits) <= max;
}

const endpoint: ElementRules = { isEndpoint: true };
const indexedEndpoint: ElementRules = {
  isEndpoint: true,
  attributes: { index: integer, isDefault: boolean },
};
const roleAttributes = { validUntil: createTimeFormat(true), cacheDuration: integer };
/** The endpoints of a descriptor for single sign-on: an identity provider or a service provider. */
const signOnChildren = {
  ArtifactResolutionService: indexedEndpoint,
  SingleLogoutService: endpoint,
  ManageNameIDService: endpoint,
};

/** The rules for an EntityDescriptor. */
export const entityRules: ElementRules = {
  attributes: { validUntil: createTimeFormat(false), cacheDuration: duration },
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

/** The rules for an EntitiesDescriptor, which may contain further ones. */
export const entityListRules: ElementRules = {
  attributes: { validUntil: createTimeFormat(false), cacheDuration: duration },
  get children() {
    return { EntityDescriptor: entityRules, EntitiesDescriptor: entityListRules };
  },
};
