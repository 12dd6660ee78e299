import { request as sendRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { Provider } from "oidc-provider";
import { serve, type TestServer } from "../browser/servers.js";
import { createKeyPair } from "../support/rsa-keys.js";

/** Options of `serveWithLogin`. */
export interface LoginOptions {
  /** The URL of the emulator. */
  readonly apiUrl: string;
  /** The token of the emulator that stands for the user who signs in. */
  readonly apiToken: string;
  readonly clientId: string;
  readonly redirectUri: string;
}

/** A ZITADEL with a login page, and the parameters of the authorization requests that it got. */
export interface LoginServer extends TestServer {
  readonly requests: readonly URLSearchParams[];
}

/**
 * Serves an instance with a login page on one origin: a real OpenID Connect provider with its own login page, and in front of the
 * emulator, which has none. Calls with a token of the provider reach the emulator with its own token; all others as they are.
 */
export async function serveWithLogin(options: LoginOptions): Promise<LoginServer> {
  const { apiUrl, apiToken, clientId, redirectUri } = options;
  const requests: URLSearchParams[] = [];
  let issuer: Provider | undefined;
  const server = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (pathname === "/auth") {
      requests.push(searchParams);
    }
    if (!/^\/(?:zitadel\.|admin|management)/.test(pathname)) {
      issuer?.callback()(request, response);
      return;
    }
    void (async () => {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const isKnown = (await issuer?.AccessToken.find(token)) !== undefined;
      forward(request, response, apiUrl, isKnown ? apiToken : token);
    })();
  });
  const key = createKeyPair().privateKey.export({ format: "jwk" });
  issuer = new Provider(server.url, {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: "none",
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    scopes: ["openid", "urn:zitadel:iam:org:project:id:zitadel:aud"],
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    jwks: { keys: [{ ...key, use: "sig", alg: "RS256", kid: "rsa-1" }] },
    cookies: { keys: ["key-of-the-tests"] },
  });
  return { ...server, requests, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** Sends a call on to the emulator, with a token. */
function forward(
  request: IncomingMessage,
  response: ServerResponse,
  apiUrl: string,
  token: string,
): void {
  const { method, url, headers } = request;
  const { authorization: _authorization, ...others } = headers;
  const target = sendRequest(
    `${apiUrl}${url}`,
    { method, headers: { ...others, ...(token !== "" && { authorization: `Bearer ${token}` }) } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  target.on("error", () => response.destroy());
  request.pipe(target);
}
