import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import type { JWK } from "jose";
import { createKeyPair } from "../../support/rsa-keys.js";
import type { KeyAndCertificate } from "../../support/certificates.js";

/** An answer of a server. An object is sent as JSON. */
export interface ServedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The parts of an issuer that a test changes. */
export interface IssuerOptions {
  /** The path of the issuer. Default: none. */
  readonly path?: string;
  /** The members of the discovery document to change. Undefined removes a member. */
  readonly metadata?: (issuer: string) => Readonly<Record<string, unknown>>;
  /** The keys of the key set. Default: one RSA key for RS256. */
  readonly keys?: readonly unknown[];
  /** The answers by path, instead of those of the issuer. */
  readonly answers?: Readonly<Record<string, ServedAnswer>>;
  /** The key and the certificate for TLS. Default: no TLS. */
  readonly tls?: KeyAndCertificate | undefined;
  /** The issuer of the document, if the server is reached by another name than `localhost`. */
  readonly issuer?: string;
}

/** A server with a discovery document and a key set. */
export interface IssuerServer extends AsyncDisposable {
  readonly issuer: string;
  readonly port: number;
  /** The paths that were requested. */
  readonly requests: readonly string[];
}

/** Returns the public part of a new RSA key. */
export function createRsaJwk(members: Readonly<Record<string, unknown>> = {}, bits = 2048): JWK {
  return { ...exportPublic(bits), use: "sig", alg: "RS256", kid: "rsa-1", ...members };
}

function exportPublic(bits: number): object {
  const { n, e, kty } = createKeyPair(bits).privateKey.export({ format: "jwk" });
  return { n, e, kty };
}

const usualKeys = [createRsaJwk()];

/** Starts a server with a discovery document and a key set, at a port of this machine. */
export async function startIssuerServer(options: IssuerOptions = {}): Promise<IssuerServer> {
  const { path = "", keys = usualKeys, answers = {}, tls, metadata } = options;
  const requests: string[] = [];
  let answersByPath: Readonly<Record<string, ServedAnswer>> = {};
  const handle: http.RequestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://localhost");
    requests.push(pathname);
    const { status = 200, headers, body } = answersByPath[pathname] ?? { status: 404, body: {} };
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body ?? {}));
  };
  const server = tls === undefined ? http.createServer(handle) : https.createServer(tls, handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const issuer =
    options.issuer ?? `${tls === undefined ? "http" : "https"}://localhost:${port}${path}`;
  const document = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/keys`,
    scopes_supported: ["openid", "profile", "email", "phone", "name"],
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic"],
    code_challenge_methods_supported: ["S256"],
    ...metadata?.(issuer),
  };
  answersByPath = {
    [`${path}/.well-known/openid-configuration`]: { body: document },
    [`${path}/keys`]: { body: { keys } },
    [`${path}/authorize`]: { status: 400 },
    [`${path}/token`]: { status: 400 },
    [`${path}/userinfo`]: { status: 401 },
    ...answers,
  };
  return {
    issuer,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
