import { isJsonObject } from "../../../utils/is-json-object.js";
import { tryParseJson } from "../../../utils/try-parse-json.js";

/** The parts of the answer of a token endpoint that are safe to show. */
export interface TokenAnswer {
  readonly status: number;
  /** The OAuth error code. Undefined if there is none. */
  readonly error: string | undefined;
  /** The error number of Entra ID, e.g. `7000215`. */
  readonly entraCode: number | undefined;
  /** True if the error is about a missing PKCE verifier. */
  readonly isAboutPkce: boolean;
  /** True if the answer has an access token. */
  readonly hasToken: boolean;
  /** True if the answer has the form of an OAuth answer: a JSON object, or a form. */
  readonly isStructured: boolean;
  /** True if the answer asks for an access token, as only other endpoints do. */
  readonly wantsToken: boolean;
}

/**
 * Reads the answer of a token endpoint as Go's `oauth2` does: plain text as a form, other answers as JSON. Keeps no text of the provider
 * except the error code, because a description may repeat the request.
 */
export function readTokenAnswer(
  status: number,
  headers: Pick<Headers, "get">,
  text: string,
): TokenAnswer {
  const members = isForm(headers) ? Object.fromEntries(new URLSearchParams(text)) : parse(text);
  const { error, error_codes: codes, error_description: description = "" } = members ?? {};
  const [entraCode] = Array.isArray(codes) ? codes : [];
  const lowerCase = typeof description === "string" ? description.toLowerCase() : "";
  return {
    status,
    error: typeof error === "string" && isErrorCode(error) ? error : undefined,
    entraCode: typeof entraCode === "number" ? entraCode : undefined,
    isAboutPkce: ["code_verifier", "code verifier", "pkce"].some((part) =>
      lowerCase.includes(part),
    ),
    hasToken: members !== undefined && "access_token" in members,
    isStructured: members !== undefined && Object.keys(members).length > 0,
    wantsToken: /^bearer\b/i.test(headers.get("www-authenticate") ?? ""),
  };
}

function isForm(headers: Pick<Headers, "get">): boolean {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  return ["application/x-www-form-urlencoded", "text/plain"].includes(type.trim().toLowerCase());
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  const json = tryParseJson(text);
  return isJsonObject(json) ? json : undefined;
}

/** Returns true for letters and underscores, which random secrets do not consist of. */
function isErrorCode(text: string): boolean {
  return /^[a-z][a-z_]{2,49}$/i.test(text);
}
