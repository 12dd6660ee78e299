import { createHash } from "node:crypto";
import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { servedMethods } from "../../src/emulator/methods.js";
import { namedStepRecordings } from "./replayed-recordings.js";
import { readStepRecording } from "../support/recordings.js";
import { callRaw } from "../support/wires.js";
import { startUpstream, type Upstream } from "../support/upstream.js";

interface Subject {
  readonly add: string;
  readonly update: string;
  readonly request: JsonObject;
}

/** Returns the RPCs and the first request of each provider of the recording. */
const createSubjects = (origin: string): Readonly<Record<string, Subject>> => ({
  oauth: {
    add: "AddGenericOAuthProvider",
    update: "UpdateGenericOAuthProvider",
    request: {
      ...common(" first "),
      authorizationEndpoint: `${origin}/authorize`,
      tokenEndpoint: `${origin}/token`,
      userEndpoint: `${origin}/user`,
      idAttribute: "id",
    },
  },
  oidc: {
    add: "AddGenericOIDCProvider",
    update: "UpdateGenericOIDCProvider",
    request: { ...common("first"), issuer: origin },
  },
  "legacy oidc": {
    add: "AddOrgOIDCIDP",
    update: "UpdateOrgIDPOIDCConfig",
    request: { ...common("first"), issuer: origin },
  },
  GitHubEnterpriseServer: {
    add: "AddGitHubEnterpriseServerProvider",
    update: "UpdateGitHubEnterpriseServerProvider",
    request: {
      ...common("first"),
      authorizationEndpoint: `${origin}/authorize`,
      tokenEndpoint: `${origin}/token`,
      userEndpoint: `${origin}/user`,
    },
  },
  GitLabSelfHosted: {
    add: "AddGitLabSelfHostedProvider",
    update: "UpdateGitLabSelfHostedProvider",
    request: { ...common("first"), issuer: origin },
  },
  Zitadel: {
    add: "AddZitadelProvider",
    update: "UpdateZitadelProvider",
    request: { ...common("first"), issuer: origin },
  },
});

function common(clientSecret: string): JsonObject {
  return { name: "n", clientId: "c", clientSecret };
}

/** The fields that each step of the recording changes, by the end of its name. */
const changes: Readonly<Record<string, JsonObject>> = {
  "update, secret left out": {},
  "update, secret empty, nothing else changed": { clientSecret: "" },
  "update, secret of blanks": { clientSecret: "   " },
  "update, new secret ' second '": { clientSecret: " second " },
  "update, new secret": { clientSecret: "second" },
  "update, scopes and PKCE": { scopes: ["a", "b"], usePkce: true },
  "update, scopes left out": {},
  "config update, secret left out": { clientId: "c2" },
  "config update, new secret": { clientId: "c2", clientSecret: "second" },
};

let emulator: Emulator;
let listener: Listener;
let upstream: Upstream;
let subjects: Readonly<Record<string, Subject>>;
beforeAll(async () => {
  upstream = await startUpstream();
  subjects = createSubjects(upstream.origin);
  emulator = createEmulator({ seed: { instance: { allowPrivateUrls: true } } });
  listener = await emulator.listen();
});
afterAll(async () => {
  await emulator.close();
  await upstream.close();
});

/** The id of each provider. */
const ids = new Map<string, string>();

/** Calls an RPC of the organization. Throws if it fails. */
async function call(rpc: string, request: JsonObject): Promise<JsonObject> {
  const method = servedMethods.get("zitadel.management.v1.ManagementService")?.get(rpc);
  if (method === undefined) {
    throw new Error(`no RPC ${rpc}`);
  }
  const headers = { authorization: `Bearer ${emulator.token}` };
  const outcome = await callRaw("json", listener.port, method, request, headers);
  if ("ok" in outcome) {
    return outcome.ok;
  }
  throw new Error(`${rpc}: ${JSON.stringify(outcome)}`);
}

/** Makes the change of a step, or the one before it that the recording does not show. Returns false if there is none. */
async function change(subject: string, step: string): Promise<boolean> {
  const { add, update, request } = subjects[subject] ?? {};
  const id = ids.get(subject) ?? "";
  const isLegacy = subject === "legacy oidc";
  if (add !== undefined && id === "") {
    const made = await call(add, request ?? {});
    ids.set(subject, String(made["id"] ?? made["idpId"]));
  } else if (step === "deactivate") {
    await call("DeactivateOrgIDP", { idpId: id });
  } else if (step === "after delete") {
    await call("DeleteProvider", { id });
  } else if (update !== undefined && changes[step] !== undefined) {
    const { clientSecret: _, ...fields } = request ?? {};
    await call(update, { ...fields, ...changes[step], [isLegacy ? "idpId" : "id"]: id });
  } else {
    return false;
  }
  return true;
}

/** Starts a sign-in with a provider. */
async function startSignIn(subject: string): Promise<JsonObject> {
  const response = await fetch(`${listener.url}/v2/idp_intents`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.token}`, "content-type": "application/json" },
    body: JSON.stringify({
      idpId: ids.get(subject),
      urls: { successUrl: "https://a.example/success", failureUrl: "https://a.example/failure" },
    }),
  });
  const body = (await response.json()) as JsonObject;
  return response.ok ? body : { error: body };
}

/** Starts a sign-in, returns to ZITADEL with a code, and describes what the provider receives, as the recording does. */
async function signIn(subject: string): Promise<JsonObject> {
  upstream.tokenRequests.length = 0;
  const start = await startSignIn(subject);
  if ("error" in start) {
    return { secretSent: null, via: null, start };
  }
  const query = new URL(String(start["authUrl"])).searchParams;
  const back = new URL(query.get("redirect_uri") ?? "");
  back.search = String(new URLSearchParams({ code: "code", state: query.get("state") ?? "" }));
  const redirected = await fetch(back, { redirect: "manual" });
  expect(redirected.headers.get("location")).toContain("https://a.example/failure?error=oauth2");
  const { secret = null, via = null, verifier } = upstream.tokenRequests.at(-1) ?? {};
  const challenge = createHash("sha256").update(String(verifier)).digest("base64url");
  const placeholders: Record<string, string> = {
    state: "<state>",
    redirect_uri: query.get("redirect_uri")?.replace(listener.url, "<base>") ?? "",
    ...(query.get("code_challenge") === challenge && { code_challenge: "<code_challenge>" }),
  };
  return {
    secretSent: secret,
    via,
    authQuery: { ...Object.fromEntries(query), ...placeholders },
  };
}

test("the recording secret-kept has 17 changes and 24 sign-ins that match", async () => {
  const { steps } = readStepRecording("secret-kept");
  const counts = { changes: 0, signIns: 0 };
  for (const { name, ...recorded } of steps) {
    const [, subject = "", end = ""] = /^(.*?): (.*)$/.exec(name) ?? [];
    const isChanged = await change(subject, end);
    if (recorded["result"] !== undefined) {
      expect.soft(isChanged ? "ok" : "no change", name).toBe(recorded["result"]);
      counts.changes++;
      continue;
    }
    expect.soft(await signIn(subject), name).toEqual(recorded);
    counts.signIns++;
  }
  expect(counts).toEqual({ changes: 17, signIns: 24 });
  expect(counts.changes + counts.signIns).toBe(namedStepRecordings["secret-kept"]);
});
