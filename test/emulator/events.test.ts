import type { JsonObject } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import type { Event } from "../../gen/zitadel/event_pb.js";
import { IDPOwnerType } from "../../gen/zitadel/idp_pb.js";
import { SecondFactorType } from "../../gen/zitadel/policy_pb.js";
import { createOperatorClient, type OperatorClient } from "../../src/services/operator-client.js";
import { legacyRequests, providerRequests } from "../support/add-requests.js";

let emulator: Emulator;
let client: IdpClient;
let operators: OperatorClient;
let headers: Record<string, string>;
beforeEach(() => {
  emulator = createEmulator();
  const { url, fetch, token } = emulator;
  client = createIdpClient({ baseUrl: url, fetch, protocol: "grpc-web", auth: token });
  operators = createOperatorClient(emulator.transport());
  headers = { authorization: `Bearer ${token}` };
});

type Call = (request: JsonObject) => Promise<{
  id?: string;
  idpId?: string;
  details?: { sequence: bigint };
}>;

/** Calls an RPC of the organization by its name. */
function call(name: string, request: object): ReturnType<Call> {
  return (client.management as unknown as Record<string, Call>)[name]?.(
    request as JsonObject,
  ) as ReturnType<Call>;
}

async function listEvents(request: object): Promise<Event[]> {
  const { events } = await operators.admin.listEvents(request, { headers });
  return events;
}

function summarize(events: readonly Event[]): [string | undefined, JsonObject | undefined][] {
  return events.map(({ type, payload }) => [type?.type, payload]);
}

const ciphertext = {
  CryptoType: 0,
  Algorithm: "aes",
  KeyID: "idpConfigKey",
  Crypted: expect.any(String) as unknown,
};

/** The types of the events of each provider type, and the names that differ from the usual ones. */
const providerEvents: Record<string, { type: string; secret?: string; added?: JsonObject }> = {
  GenericOAuth: {
    type: "oauth",
    added: { idAttribute: "id", tokenEndpoint: "https://a.example/token" },
  },
  GenericOIDC: { type: "oidc", added: { issuer: "https://a.example", clientId: "client" } },
  JWT: { type: "jwt", added: { jwtEndpoint: "j", keysEndpoint: "k", headerName: "h" } },
  AzureAD: {
    type: "azure",
    secret: "client_secret",
    added: { client_id: "client", tenant: "common" },
  },
  GitHub: { type: "github" },
  GitHubEnterpriseServer: { type: "github_enterprise" },
  GitLab: { type: "gitlab" },
  GitLabSelfHosted: { type: "gitlab_self_hosted" },
  Google: { type: "google" },
  LDAP: {
    type: "ldap.v2",
    secret: "bindPassword",
    added: { baseDN: "b", bindDN: "d", userObjectClasses: ["c"] },
  },
  Apple: { type: "apple", secret: "privateKey", added: { teamId: "T123456789" } },
  SAML: { type: "saml", added: { metadata: expect.any(String) } },
  Zitadel: { type: "zitadel" },
};

describe("the events of a provider", () => {
  test("are described for each type", () => {
    expect(Object.keys(providerEvents)).toEqual(Object.keys(providerRequests));
  });

  test.each(Object.entries(providerEvents))(
    "show the fields that an add and an update set: %s",
    async (name, { type, secret = "clientSecret", added = {} }) => {
      const request = providerRequests[name] ?? {};
      const { id = "", details } = await call(`add${name}Provider`, request);
      await call(`update${name}Provider`, { ...request, id, name: "renamed" });
      const events = await listEvents({ asc: true, resourceOwner: emulator.orgId });
      const [first, second] = events.filter((event) => event.type?.type.startsWith("org.idp."));
      expect(first?.type?.type).toBe(`org.idp.${type}.added`);
      expect(first?.sequence).toBe(details?.sequence);
      expect(first?.payload).toMatchObject({ id, name: "n", ...added });
      const hasSecret = "clientSecret" in request || secret !== "clientSecret";
      const encrypted = hasSecret ? { [secret]: ciphertext } : {};
      expect(first?.payload).toMatchObject(encrypted);
      expect(summarize(second === undefined ? [] : [second])).toEqual([
        [`org.idp.${type}.changed`, { id, name: "renamed", ...encrypted }],
      ]);
    },
  );

  test("never contain a secret", async () => {
    for (const [name, request] of Object.entries(providerRequests)) {
      await call(`add${name}Provider`, request);
    }
    const text = JSON.stringify((await listEvents({})).map(({ payload }) => payload));
    expect(text).not.toContain('"secret"');
    expect(text).not.toContain("PRIVATE KEY");
    expect(text.match(/"Crypted"/g)?.length).toBe(11);
  });

  test("have consecutive sequences, and the sequence of the last one is that of the response", async () => {
    const before = (await listEvents({ aggregateTypes: ["org"] }))[0]?.sequence ?? 0n;
    const google = await call("addGoogleProvider", providerRequests["Google"] ?? {});
    const oidc = await call("addOrgOIDCIDP", legacyRequests["OIDC"] ?? {});
    const steps: [string, object][] = [
      ["updateOrgIDP", { idpId: oidc.idpId, name: "m" }],
      ["updateOrgIDPOIDCConfig", { ...legacyRequests["OIDC"], idpId: oidc.idpId, clientId: "d" }],
      ["deactivateOrgIDP", { idpId: oidc.idpId }],
      ["reactivateOrgIDP", { idpId: oidc.idpId }],
      [
        "addCustomLoginPolicy",
        {
          secondFactors: [SecondFactorType.OTP],
          idps: [{ idpId: google.id, ownerType: IDPOwnerType.IDP_OWNER_TYPE_ORG }],
        },
      ],
      ["updateCustomLoginPolicy", { allowRegister: true }],
      ["addIDPToLoginPolicy", { idpId: oidc.idpId, ownerType: IDPOwnerType.IDP_OWNER_TYPE_ORG }],
      ["removeIDPFromLoginPolicy", { idpId: google.id }],
      ["removeOrgIDP", { idpId: oidc.idpId }],
      ["deleteProvider", { id: google.id }],
    ];
    for (const [name, request] of steps) {
      await call(name, request);
    }
    const { details } = await call("resetLoginPolicyToDefault", {});
    const events = await listEvents({ asc: true, aggregateTypes: ["org"], sequence: before });
    expect(events.map(({ sequence }) => sequence - before)).toEqual(
      events.map((_, index) => BigInt(index + 1)),
    );
    expect(events.at(-1)?.sequence).toBe(details?.sequence);
    expect(summarize(events).slice(1)).toEqual([
      ["org.idp.config.added", { idpConfigId: oidc.idpId, name: "n" }],
      [
        "org.idp.oidc.config.added",
        {
          idpConfigId: oidc.idpId,
          clientId: "client",
          issuer: "https://a.example",
          clientSecret: ciphertext,
        },
      ],
      ["org.idp.config.changed", { idpConfigId: oidc.idpId, name: "m" }],
      [
        "org.idp.oidc.config.changed",
        { idpConfigId: oidc.idpId, clientId: "d", clientSecret: ciphertext },
      ],
      ["org.idp.config.deactivated", { idpConfigId: oidc.idpId }],
      ["org.idp.config.reactivated", { idpConfigId: oidc.idpId }],
      ["org.policy.login.secondfactor.added", { mfaType: 1 }],
      ["org.policy.login.added", {}],
      ["org.policy.login.idpprovider.added", { idpConfigId: google.id, idpProviderType: 1 }],
      ["org.policy.login.changed", { allowRegister: true }],
      ["org.policy.login.idpprovider.added", { idpConfigId: oidc.idpId, idpProviderType: 1 }],
      ["org.policy.login.idpprovider.removed", { idpConfigId: google.id }],
      ["org.idp.config.removed", { idpConfigId: oidc.idpId }],
      ["org.policy.login.idpprovider.cascade.removed", { idpConfigId: oidc.idpId }],
      ["org.idp.removed", { id: google.id }],
      ["org.policy.login.removed", undefined],
    ]);
  });
});

describe("ListEvents", () => {
  test("filters by each condition, and returns the newest first unless asked for the oldest", async () => {
    const { id = "" } = await call("addGoogleProvider", providerRequests["Google"] ?? {});
    await call("deleteProvider", { id });
    const types = async (request: object): Promise<(string | undefined)[]> =>
      (await listEvents(request)).map(({ type }) => type?.type);
    const [removed, added] = await listEvents({ resourceOwner: emulator.orgId, limit: 2 });
    expect([removed?.type?.type, added?.type?.type]).toEqual([
      "org.idp.removed",
      "org.idp.google.added",
    ]);
    const owner = added?.editor?.userId;
    expect(await types({ eventTypes: ["org.idp.removed"] })).toEqual(["org.idp.removed"]);
    expect(await types({ aggregateTypes: ["user"] })).toEqual(["user.machine.added"]);
    expect(await types({ aggregateId: owner })).toEqual(["user.machine.added"]);
    expect(await types({ editorUserId: "SYSTEM", asc: true })).toEqual([
      "org.added",
      "org.domain.added",
      "org.domain.verified",
      "org.domain.primary.set",
    ]);
    expect(await types({ editorUserId: owner, limit: 1 })).toEqual(["org.idp.removed"]);
    const from = added?.creationDate;
    const at = (value: unknown) => ({ creationDateFilter: { case: "from", value } });
    expect(await types({ ...at(from), asc: true })).toEqual(["org.idp.removed"]);
    expect(await types({ ...at(from), limit: 1 })).toEqual(["instance.member.added"]);
    const range = { case: "range", value: { since: from } };
    expect(await types({ creationDateFilter: range })).toEqual(["org.idp.removed"]);
  });
});

describe("the limits of ListEvents", () => {
  const long = "x".repeat(201);
  const length = "value length must be between 0 and 200 runes, inclusive";
  test.each<[string, object, string]>([
    ["EditorUserId", { editorUserId: long }, length],
    ["AggregateId", { aggregateId: long }, length],
    ["ResourceOwner", { resourceOwner: long }, length],
    [
      "EventTypes",
      { eventTypes: Array<string>(31).fill("a") },
      "value must contain no more than 30 item(s)",
    ],
    [
      "AggregateTypes",
      { aggregateTypes: Array<string>(11).fill("a") },
      "value must contain no more than 10 item(s)",
    ],
  ])("rejects %s above its limit", async (field, request, reason) => {
    await expect(listEvents(request)).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: `invalid ListEventsRequest.${field}: ${reason}`,
    });
  });

  test("accepts as many types as the limits allow", async () => {
    const eventTypes = Array<string>(30).fill("org.added");
    const aggregateTypes = Array<string>(10).fill("org");
    expect(await listEvents({ eventTypes, aggregateTypes })).not.toEqual([]);
  });
});
