import { type Fields, type FieldSpec, parts, choices, providerTypes } from "../../gen/providers.js";
import type { ProviderSettings, ProviderType } from "../../src/providers/index.js";
import { applePrivateKey } from "./add-requests.js";
import { caCertificate } from "./ca-certificate.js";
import type { Random } from "./random-message.js";

/** The names of all provider types. */
export const providerTypeNames = Object.keys(providerTypes) as ProviderType[];

/** Returns the fields of a provider type, as defined in the protos. */
export function fieldsOf(type: ProviderType): Fields {
  return providerTypes[type].fields;
}

/** Creates random settings that the server accepts. The field table decides the fields, so that none is missing. */
export function randomSettings(
  type: ProviderType,
  random: Random,
  name?: string,
): ProviderSettings {
  const settings: Record<string, unknown> = { type };
  for (const [field, spec] of Object.entries(fieldsOf(type))) {
    const isNeeded = (spec.min ?? 0) > 0 || field === "metadataXml";
    if (field !== "metadataUrl" && (isNeeded || random.chance(0.6))) {
      settings[field] = randomValue(field, spec, random);
    }
  }
  if (name !== undefined) {
    settings["name"] = name;
  }
  return settings as unknown as ProviderSettings;
}

/** Creates a random value for a field. */
export function randomValue(field: string, spec: FieldSpec, random: Random): unknown {
  const create = valuesByName[field];
  if (create !== undefined) {
    return create(random, spec);
  }
  if (spec.secret) {
    return `${random.pick(["s", "Grüße 世界", "#:- yaml", "👩‍🚀"])}${random.integer(1000)}`;
  }
  if (field.endsWith("Attribute")) {
    return random.pick(["uid", "cn;lang-de", "1.2.840"]);
  }
  return randomValueOfKind(field, spec, random);
}

const endpoint = (random: Random): string => `https://a.example/?q=${random.integer(1000)}&r=%20`;
const shortName = (random: Random): string => `a${random.integer(1000)}`;
const distinguishedName = (random: Random): string =>
  `ou=Grüße ${random.integer(1000)}\\, 世界,dc=a`;
const optionalName = (random: Random): string => random.pick(["", "urn:a:b", "Grüße 世界"]);

/** The values of the fields that ZITADEL or our client checks beyond their kind and their limits, by the name of the field. */
const valuesByName: Readonly<Record<string, (random: Random, spec: FieldSpec) => unknown>> = {
  metadataXml: (random) =>
    `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${random.integer(1e6)}"><IDPSSODescriptor/></EntityDescriptor>`,
  privateKey: () => new TextDecoder().decode(applePrivateKey),
  rootCa: (random) => `text around does not matter ${random.integer(1000)}\n${caCertificate}`,
  tenant: (random) => random.pick(["common", "organizations", "consumers", "contoso.example"]),
  timeout: (random) => random.pick(["0s", "10s", "1.5s", "0.000000001s", "315576000000s"]),
  issuer: (random) =>
    random.pick([`https://a.example/${random.integer(1000)}`, " http://[::1]:8080/ü "]),
  authorizationEndpoint: endpoint,
  tokenEndpoint: endpoint,
  userEndpoint: endpoint,
  jwtEndpoint: endpoint,
  keysEndpoint: endpoint,
  servers: (random, spec) =>
    many(spec, random, () => `ldaps://a${random.integer(1000)}.example:636`),
  userFilters: (random, spec) => many(spec, random, () => shortName(random)),
  userObjectClasses: (random, spec) => many(spec, random, () => shortName(random)),
  baseDn: distinguishedName,
  bindDn: distinguishedName,
  userBase: distinguishedName,
  headerName: (random) => `X-Jwt-${random.integer(1000)}`,
  organizationDomain: (random) => `${shortName(random)}.example`,
  audience: optionalName,
  transientMappingAttributeName: optionalName,
};

/** Creates a random value for a field that has no rules of its own. */
function randomValueOfKind(field: string, spec: FieldSpec, random: Random): unknown {
  switch (spec.kind) {
    case "flag":
      return random.chance(0.5);
    case "choice":
      return random.pick(Object.keys(choices[spec.of] ?? {}));
    case "texts":
      return many(
        spec,
        random,
        () =>
          `${random.pick(["a", "https://a.example/?q=1", "#:-", "世界,"])}${random.integer(1000)}`,
      );
    case "object":
      return randomPart(spec.of, random, () => random.chance(0.6));
    case "objects":
      return Array.from({ length: random.integer(3) }, () => randomPart(spec.of, random));
    default:
      return field === "name"
        ? randomText(spec, random)
        : randomText(spec, random).replaceAll("${", "$");
  }
}

/** Creates an object within settings. `isSet` chooses its fields, all by default. */
function randomPart(part: string, random: Random, isSet: () => boolean = () => true): object {
  return Object.fromEntries(
    Object.entries(parts[part] ?? {}).flatMap(([name, spec]) =>
      isSet() ? [[name, randomValue(name, spec, random)]] : [],
    ),
  );
}

function many({ min = 0 }: FieldSpec, random: Random, entry: () => string): string[] {
  return Array.from({ length: Math.max(min, random.integer(4)) }, entry);
}

const texts = [
  "a",
  " padded ",
  "Grüße 世界",
  "https://a.example/?q=1&r=%20#x",
  "${NOT_A_VARIABLE}",
  "#:- yaml",
  "\u2028\ufeff",
  "👩‍🚀",
];

function randomText(
  { min = 0, max = 200 }: { min?: number | undefined; max?: number | undefined },
  random: Random,
): string {
  if (min === max) {
    return `K${String(random.integer(1e9)).padStart(max - 1, "0")}`;
  }
  if (min === 0 && random.chance(0.2)) {
    return "";
  }
  return random.chance(0.1) ? "x".repeat(max) : `${random.pick(texts)}${random.integer(1000)}`;
}
