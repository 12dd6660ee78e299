import { base64Encode } from "@bufbuild/protobuf/wire";
import { isPlainObject } from "../../utils/is-plain-object.js";
import { tryParseJson } from "../../utils/try-parse-json.js";
import type { OutboundResponse } from "../outbound/outbound-request.js";
import { sendOutbound } from "../outbound/send-outbound.js";
import type { UpstreamClient } from "./upstream-client.js";

/** The values of one code exchange. */
interface CodeExchange {
  readonly code: string;
  readonly redirectUri: string;
  /** The verifier of PKCE, if the authorization request had a code challenge. */
  readonly codeVerifier: string | undefined;
  /** True if requests to private addresses are allowed. */
  readonly allowPrivate: boolean;
}

/**
 * Exchanges a code for tokens at the token endpoint of a provider. Like Go's library, sends the credentials of the client in the
 * header first, and on failure once more in the form.
 *
 * Rejects with an error like that of Go's library.
 */
export async function exchangeCode(
  { endpoints, clientId, clientSecret }: UpstreamClient,
  { code, redirectUri, codeVerifier, allowPrivate }: CodeExchange,
): Promise<void> {
  const form = {
    code,
    ...(codeVerifier !== undefined && { code_verifier: codeVerifier }),
    grant_type: "authorization_code",
    redirect_uri: redirectUri,
  };
  const credentials = new TextEncoder().encode(
    `${escapeFormText(clientId)}:${escapeFormText(clientSecret)}`,
  );
  const send = async (
    parameters: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<void> => {
    const response = await sendOutbound(
      {
        method: "POST",
        url: endpoints.token,
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body: new URLSearchParams(parameters).toString(),
      },
      allowPrivate,
    );
    checkTokenResponse(response);
  };
  try {
    await send(form, { authorization: `Basic ${base64Encode(credentials)}` });
  } catch {
    await send({
      client_id: clientId,
      ...(clientSecret !== "" && { client_secret: clientSecret }),
      ...form,
    });
  }
}

/** Escapes a part of the credentials for a form (RFC 6749, 2.3.1). */
function escapeFormText(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

/** Throws an error for a response without an access token. */
function checkTokenResponse({ status, statusText, contentType, body }: OutboundResponse): void {
  const text = new TextDecoder().decode(body);
  const fields = readFields(contentType, text);
  if (fields["error"] !== undefined) {
    const details = [fields["error"], fields["error_description"], fields["error_uri"]];
    const quoted = details.filter((each) => each !== undefined).map((each) => JSON.stringify(each));
    throw new Error(`oauth2: ${quoted.join(" ")}`);
  }
  if (status < 200 || status > 299) {
    throw new Error(`oauth2: cannot fetch token: ${status} ${statusText}\nResponse: ${text}`);
  }
  if (fields["access_token"] === undefined) {
    throw new Error("oauth2: server response missing access_token");
  }
}

/** Returns the non-empty text fields of a token response, which is a form or JSON. */
function readFields(contentType: string, text: string): Readonly<Record<string, string>> {
  const [mediaType = ""] = contentType.split(";");
  const isForm = ["application/x-www-form-urlencoded", "text/plain"].includes(mediaType.trim());
  const parsed = isForm ? Object.fromEntries(new URLSearchParams(text)) : tryParseJson(text);
  return isPlainObject(parsed)
    ? Object.fromEntries(
        Object.entries(parsed).filter(
          (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
        ),
      )
    : {};
}
