// Runs openid-client against the issuer of the environment. An assertion that fails ends the program with its error.
import assert from "node:assert/strict";
import * as client from "openid-client";

const { ISSUER, CLIENT_ID, CLIENT_SECRET } = process.env;
const apiScope = "urn:zitadel:iam:org:project:id:zitadel:aud";

const config = await client.discovery(
  new URL(ISSUER),
  CLIENT_ID,
  CLIENT_SECRET,
  client.ClientSecretBasic(CLIENT_SECRET),
  { execute: [client.allowInsecureRequests] },
);
const tokens = await client.clientCredentialsGrant(config, { scope: `openid profile ${apiScope}` });
assert.equal(tokens.token_type, "bearer");
const claims = tokens.claims();
assert.equal(claims.azp, CLIENT_ID);
assert.equal(claims.exp, claims.iat);
assert.deepEqual(claims.amr, ["pwd"]);

const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
assert.equal(userinfo.preferred_username, CLIENT_ID);
await assert.rejects(client.fetchUserInfo(config, "unknown", claims.sub));

// Only an application may introspect tokens, and a service user is none.
await assert.rejects(client.tokenIntrospection(config, tokens.access_token), {
  error: "unauthorized_client",
});
await assert.rejects(client.tokenRevocation(config, tokens.access_token), {
  error: "invalid_client",
});
await client.tokenRevocation(config, tokens.access_token, { grant_type: "client_credentials" });
await assert.rejects(client.fetchUserInfo(config, tokens.access_token, claims.sub));

await assert.rejects(client.refreshTokenGrant(config, "unknown"), { error: "invalid_client" });
