// A run of the doctor over 100 providers, and the time that the slowest host alone needs for its requests.
import { createServer } from "node:http";
import { logProgress } from "../harness/progress.mjs";
import { formatTable } from "../harness/format-table.mjs";

export const title = "Doctor";

const hosts = 10;
const providersPerHost = 10;
/** The delays of responses in milliseconds: of most hosts, and of the slowest host. */
const [usualMs, slowestMs] = [20, 100];
/** The number of requests that the doctor sends to one host at the same time. */
const requestsPerHost = 4;

export async function run({ settings }) {
  const { diagnose } = await import("zitadel-idp/doctor");
  const rounds = settings.processRounds > 3 ? 5 : 2;
  const samples = [];
  for (let round = 1; round <= rounds; round++) {
    logProgress(`${title}: ${round} of ${rounds}`);
    samples.push(await measure(diagnose));
  }
  const { tookMs, slowestHostMs, requests } =
    samples.toSorted(byRatio)[Math.floor(samples.length / 2)];
  const rows = [
    [
      hosts * providersPerHost,
      requests,
      `${Math.round(tookMs)} ms`,
      `${Math.round(slowestHostMs)} ms`,
      (tookMs / slowestHostMs).toFixed(2),
    ],
  ];
  return {
    samples,
    text: [
      `${hosts} hosts with ${providersPerHost} providers each. They answer after ${usualMs} ms, one of them after ${slowestMs} ms. The slowest host alone needs the time of its requests, ${requestsPerHost} at a time.`,
      formatTable(
        ["providers", "requests", "the whole run", "the slowest host alone", "ratio"],
        rows,
      ),
    ],
  };
}

const byRatio = (a, b) => a.tookMs / a.slowestHostMs - b.tookMs / b.slowestHostMs;

async function measure(diagnose) {
  const servers = await Promise.all(
    Array.from({ length: hosts }, (_, index) => startProvider(index === 0 ? slowestMs : usualMs)),
  );
  const providers = servers.flatMap(({ origin }, host) =>
    Array.from({ length: providersPerHost }, (_, index) => ({
      type: "oidc",
      name: `provider ${host}.${index}`,
      issuer: `${origin}/${index}`,
      clientId: "zitadel",
      options: { isCreationAllowed: true },
    })),
  );
  const startMs = performance.now();
  const { checked } = await diagnose(undefined, {
    desired: { organization: { providers } },
    baseUrl: "https://acme.example",
    allowPrivate: true,
  });
  const tookMs = performance.now() - startMs;
  if (checked !== providers.length) {
    throw new Error(`the doctor checked ${checked} of ${providers.length} providers`);
  }
  servers.forEach(({ server }) => server.close());
  const [slowest] = servers;
  return {
    tookMs,
    slowestHostMs: Math.ceil(slowest.requests / requestsPerHost) * slowestMs,
    requests: servers.reduce((sum, { requests }) => sum + requests, 0),
  };
}

/** Starts an OpenID Connect provider whose responses take `delayMs`. */
async function startProvider(delayMs) {
  const provider = { requests: 0 };
  provider.server = createServer((request, response) => {
    provider.requests++;
    const url = new URL(request.url, provider.origin);
    const [, tenant] = url.pathname.split("/");
    setTimeout(() => respond(url, `${provider.origin}/${tenant}`, response), delayMs);
  });
  await new Promise((resolve) => provider.server.listen(0, "127.0.0.1", resolve));
  provider.origin = `http://127.0.0.1:${provider.server.address().port}`;
  return provider;
}

function respond({ pathname, searchParams }, issuer, response) {
  if (pathname.endsWith("/authorize")) {
    const location = `${searchParams.get("redirect_uri")}?error=login_required&state=${searchParams.get("state")}`;
    response.writeHead(302, { location }).end();
    return;
  }
  const body = pathname.endsWith("/jwks") ? keySet : discoveryDocument(issuer);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function discoveryDocument(issuer) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    scopes_supported: ["openid", "profile", "email", "phone"],
    code_challenge_methods_supported: ["S256"],
  };
}

const { publicKey } = await crypto.subtle.generateKey(
  { name: "ECDSA", namedCurve: "P-256" },
  true,
  ["sign"],
);
const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
const keySet = { keys: [{ kty, crv, x, y, kid: "1", use: "sig", alg: "ES256" }] };
