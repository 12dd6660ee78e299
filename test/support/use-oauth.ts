import type { KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { expect } from "vitest";
import type { Emulator, EmulatorSeed } from "zitadel-idp/emulator";
import { methods } from "../../src/emulator/methods.js";
import { type RawResponse, sendRaw } from "./raw-http.js";
import { createKeyPair } from "./rsa-keys.js";
import { useEmulator } from "./use-emulator.js";
import { callRaw, type WireName } from "./wires.js";

/** The ids of the organizations. */
export const oauthOrgIds = {
  org: "100000000000000001",
  inactive: "100000000000000002",
  gone: "100000000000000003",
};
/** The id of the service user `ci bot`. */
export const oauthUserId = "200000000000000001";
/** The id of the key of `ci bot`. */
export const keyId = "300000000000000001";
/** The scope that makes a token valid for the API. */
export const apiScope = "urn:zitadel:iam:org:project:id:zitadel:aud";
/** The grant type of assertions. */
export const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** The client secret of all service users. */
export const oauthSecret = "pä ss:w+rd%&";

/** The key pair of all service users. */
export const keyPair: ReturnType<typeof createKeyPair> = createKeyPair();
/** A key pair that no user has. */
export const anotherKeyPair: ReturnType<typeof createKeyPair> = createKeyPair();

/** Organizations of all states, with service users. */
export const oauthSeed: EmulatorSeed = {
  organizations: [
    { id: oauthOrgIds.org, name: "org" },
    { id: oauthOrgIds.inactive, name: "inactive", state: "inactive" },
    { id: oauthOrgIds.gone, name: "gone", state: "removed" },
  ],
  serviceUsers: [
    {
      id: oauthUserId,
      name: "ci bot",
      organization: "org",
      clientSecret: oauthSecret,
      keys: [
        { id: keyId, publicKey: keyPair.publicSpki },
        { id: "pkcs1", publicKey: keyPair.publicPkcs1 },
      ],
      instanceRoles: ["IAM_OWNER"],
    },
    { id: "keyless", name: "keyless", organization: "org", token: "pat" },
    {
      id: "deactivated",
      name: "deactivated",
      organization: "org",
      state: "inactive",
      token: "deactivated-pat",
      clientSecret: oauthSecret,
      keys: [{ id: "deactivated-key", publicKey: keyPair.publicSpki }],
      instanceRoles: ["IAM_OWNER"],
    },
    ...(["inactive", "gone"] as const).map((organization) => ({
      id: `${organization}-user`,
      name: `${organization}-user`,
      organization,
      token: `${organization}-pat`,
      clientSecret: oauthSecret,
      keys: [{ id: `${organization}-key`, publicKey: keyPair.publicSpki }],
      organizationRoles: { [organization]: ["ORG_OWNER"] },
    })),
  ],
};

/** The error of a call with an invalid token. */
export const tokenInvalid = "16 Errors.Token.Invalid (AUTH-7fs1e)";

/** The form of a token request with a client secret. */
export const secretForm: Readonly<
  Record<"grant_type" | "scope" | "client_id" | "client_secret", string>
> = {
  grant_type: "client_credentials",
  scope: apiScope,
  client_id: "ci bot",
  client_secret: oauthSecret,
};

/** Returns the time in seconds since 1970. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** Returns the HTTP Basic header of a client. */
export function createBasicHeader(id: string, password: string): string {
  const encode = (text: string): string => encodeURIComponent(text).replaceAll("%20", "+");
  return `Basic ${btoa(`${encode(id)}:${encode(password)}`)}`;
}

/** Parses the JSON body of a response. */
export function parseJsonBody({ body }: RawResponse): Record<string, unknown> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

/** Returns the token of a response. */
export async function readToken(response: Promise<RawResponse>): Promise<string> {
  const { access_token: token } = parseJsonBody(await response);
  expect(token).toMatch(/^[\w-]{40,}$/);
  return String(token);
}

/** An emulator with service users, and functions that call its OAuth endpoints. */
interface OAuthSetup {
  readonly emulator: Emulator;
  readonly port: number;
  readonly issuer: string;
  /** Returns the claims of a valid assertion. */
  validClaims(): Record<string, unknown>;
  /** Signs an assertion. `claims` replace the valid claims. */
  signAssertion(
    claims?: Record<string, unknown>,
    signer?: { kid?: string; key?: KeyObject },
  ): Promise<string>;
  /** Sends a form to the token endpoint, or to the endpoint at `path`. */
  post(
    form: Record<string, string> | string,
    headers?: Record<string, string>,
    path?: string,
  ): Promise<RawResponse>;
  /** Requests a token by an assertion. */
  jwtForm(assertion: string | Promise<string>, scope?: string): Promise<RawResponse>;
  /** Calls the API with a token. Returns "ok" or the error. */
  callWithToken(wire: WireName, token: string, headers?: Record<string, string>): Promise<string>;
}

/** Starts an emulator with service users for the tests of a file. */
export async function useOAuth(): Promise<OAuthSetup> {
  const { emulator, listener } = await useEmulator({ seed: oauthSeed });
  const { port, url: issuer } = listener;
  const validClaims = (): Record<string, unknown> => ({
    iss: oauthUserId,
    sub: oauthUserId,
    aud: issuer,
    iat: nowSeconds(),
    exp: nowSeconds() + 3600,
  });
  const post: OAuthSetup["post"] = (form, headers = {}, path = "/oauth/v2/token") =>
    sendRaw(port, {
      method: "POST",
      path,
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: Buffer.from(typeof form === "string" ? form : new URLSearchParams(form).toString()),
    });
  return {
    emulator,
    port,
    issuer,
    validClaims,
    post,
    signAssertion: (claims = {}, { kid = keyId, key = keyPair.privateKey } = {}) =>
      new SignJWT({ ...validClaims(), ...claims })
        .setProtectedHeader({ alg: "RS256", kid })
        .sign(key),
    jwtForm: async (assertion, scope = apiScope) =>
      await post({ grant_type: jwtBearer, assertion: await assertion, scope }),
    callWithToken: (wire, token, headers = {}) => callWithToken(port, wire, token, headers),
  };
}

async function callWithToken(
  port: number,
  wire: WireName,
  token: string,
  headers: Record<string, string>,
): Promise<string> {
  const method = methods.get("zitadel.management.v1.ManagementService")?.get("ListProviders");
  if (method === undefined) {
    throw new Error("no such RPC");
  }
  const outcome = await callRaw(
    wire,
    port,
    method,
    {},
    { authorization: `Bearer ${token}`, ...headers },
  );
  if ("ok" in outcome) {
    return "ok";
  }
  return "error" in outcome
    ? `${String(outcome.error["code"])} ${String(outcome.error["message"])}`
    : JSON.stringify(outcome);
}
