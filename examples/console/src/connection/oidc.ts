import {
  allowInsecureRequests,
  type AuthorizationServer,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  type Client,
  discoveryRequest,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  None,
  processAuthorizationCodeResponse,
  processDiscoveryResponse,
  validateAuthResponse,
} from "oauth4webapi";
import type { Connection } from "./connection.js";
import { keepPendingSignIn, takePendingSignIn } from "./pending-sign-in.js";
import { readRedirectUri } from "./read-redirect-uri.js";

/** The scopes of the sign-in. The second one makes the token valid for ZITADEL's own API. */
const scope = "openid urn:zitadel:iam:org:project:id:zitadel:aud";

/** Sends the browser to the login page of the instance, with PKCE. The login page sends it back to this page. */
export async function beginSignIn(baseUrl: string, clientId: string): Promise<void> {
  const issuer = new URL(baseUrl);
  const server = await discover(issuer);
  if (server.authorization_endpoint === undefined) {
    throw new Error("This instance has no login page. Use an access token.");
  }
  const verifier = generateRandomCodeVerifier();
  const [state, nonce] = [generateRandomState(), generateRandomNonce()];
  keepPendingSignIn({ baseUrl: issuer.origin, clientId, verifier, state, nonce });
  const target = new URL(server.authorization_endpoint);
  target.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: readRedirectUri(),
    response_type: "code",
    scope,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  }).toString();
  location.assign(target);
}

/** Finishes a sign-in from the address to which the login page sent the browser back: exchanges the code in the address for a token. */
export async function finishSignIn(address: URL): Promise<Connection> {
  const pending = takePendingSignIn();
  if (pending === undefined) {
    throw new Error(
      "This sign-in was begun in another tab, or was already finished. Sign in again.",
    );
  }
  const { baseUrl, clientId, verifier, state, nonce } = pending;
  const issuer = new URL(baseUrl);
  const server = await discover(issuer);
  const client: Client = { client_id: clientId };
  const parameters = validateAuthResponse(server, client, address, state);
  const response = await authorizationCodeGrantRequest(
    server,
    client,
    None(),
    parameters,
    readRedirectUri(),
    verifier,
    httpOptions(issuer),
  );
  const { access_token: token } = await processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  return { baseUrl, token };
}

async function discover(issuer: URL): Promise<AuthorizationServer> {
  return await processDiscoveryResponse(
    new URL(issuer.origin),
    await discoveryRequest(new URL(issuer.origin), httpOptions(issuer)),
  );
}

/** Allows requests without encryption to this machine only. */
function httpOptions({ hostname }: URL): { [allowInsecureRequests]: boolean } {
  return { [allowInsecureRequests]: hostname === "localhost" || hostname === "127.0.0.1" };
}
