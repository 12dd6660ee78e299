import { isJsonObject } from "../../../utils/is-json-object.js";
import { parseUrl } from "../../../utils/parse-url.js";
import { tryParseJson } from "../../../utils/try-parse-json.js";

/** The text members of a discovery document that ZITADEL uses. */
const textMembers = [
  "issuer",
  "authorization_endpoint",
  "token_endpoint",
  "userinfo_endpoint",
  "jwks_uri",
] as const;

/** The list members of a discovery document that the checks use. */
const listMembers = [
  "scopes_supported",
  "response_types_supported",
  "grant_types_supported",
  "id_token_signing_alg_values_supported",
  "token_endpoint_auth_methods_supported",
  "code_challenge_methods_supported",
] as const;

/** The members of a discovery document that the checks use. An absent member is undefined. */
export type ProviderMetadata = Readonly<Partial<Record<(typeof textMembers)[number], string>>> &
  Readonly<Partial<Record<(typeof listMembers)[number], readonly string[]>>>;

/** A discovery document that ZITADEL cannot read. */
interface UnreadableMetadata {
  readonly problem: string;
}

/**
 * Reads a discovery document as ZITADEL does: accepts any content type and unknown members, and rejects members of a wrong type. The
 * parser of oauth4webapi is not suitable: it requires a content type, and compares issuers as URLs instead of letter by letter.
 */
export function parseProviderMetadata(text: string): ProviderMetadata | UnreadableMetadata {
  const json = tryParseJson(text);
  if (!isJsonObject(json)) {
    return { problem: json === undefined ? "is not JSON" : "is not a JSON object" };
  }
  const wrong =
    textMembers.find((name) => !isAbsent(json[name]) && typeof json[name] !== "string") ??
    listMembers.find((name) => !isAbsent(json[name]) && !isTextList(json[name]));
  if (wrong !== undefined) {
    return { problem: `has a member ${wrong} of a wrong type` };
  }
  const members = [...textMembers, ...listMembers].filter((name) => !isAbsent(json[name]));
  return Object.fromEntries(members.map((name) => [name, json[name]]));
}

/** Returns true if the issuer in a discovery document is on another host than the document. Its endpoints are then not trusted. */
export function hasOtherIssuer({ issuer = "" }: ProviderMetadata, source: URL): boolean {
  const stated = parseUrl(issuer);
  return stated !== undefined && stated.hostname !== source.hostname;
}

/** Returns true for an absent member, and for null, which Go treats in the same way. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
