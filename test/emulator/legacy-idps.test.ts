import type { JsonObject } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { caCertificate } from "../support/ca-certificate.js";
import { createRandom } from "../support/random-message.js";
import type { Fields, LegacyIdpLog } from "./legacy-idp-log.js";
import { runRandomOperation, parseWriteOutcome, Owner } from "./legacy-idp-operations.js";

let emulator: Emulator;
let client: IdpClient;
beforeAll(async () => {
  emulator = createEmulator();
  const { url } = await emulator.listen();
  client = createIdpClient({ baseUrl: url, auth: emulator.token, orgId: emulator.orgId });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

const outcomes = new Map<string, Set<string>>();

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "200 random changes of legacy IDPs through both APIs have the outcome of the event log (%i)",
  async (seed) => {
    emulator.reset();
    const random = createRandom(seed);
    const owners = [
      new Owner(client, "management", random, outcomes),
      new Owner(client, "admin", random, outcomes),
    ];
    for (const owner of owners) {
      // Any event tells the sequence of the owner.
      owner.sequence = Number(
        await owner.write("AddGoogleProvider", { clientId: "a", clientSecret: "a" }),
      );
    }
    for (let count = 0; count < 200; count++) {
      const owner = random.pick(owners);
      const id = await runRandomOperation(owner);
      const log = owner.idps.get(id ?? "");
      if (id !== undefined && log !== undefined) {
        await checkReads(owner, id, log);
      }
    }
  },
);

test("the random changes reached each success, each error and each special case, on both levels", () => {
  const reached = [...outcomes].map(([rpc, each]) => [rpc, [...each].toSorted().join(" ")]);
  expect(Object.fromEntries(reached)).toEqual({
    AddGoogleProvider: "ok:admin ok:management",
    AddOrgJWTIDP: "V3-DKcYh ok:admin ok:management",
    AddOrgOIDCIDP: "V3-DKcYh ok:admin ok:management",
    DeactivateOrgIDP: "INSTANCE-2n0fs Org-BBmd0 ok:admin ok:management",
    DeleteProvider: "INST-Se3tg ORG-Se3tg ok:admin ok:management",
    GetOrgIDPByID: "QUERY-rhR2o ok:admin ok:management",
    GetProviderByID: "QUERY-SAFrt ok:admin ok:management",
    MigrateGenericOIDCProvider:
      "INST-Dg29201 INST-Dg29202 ORG-Dg239201 ORG-x09981 jwt oidc ok:admin ok:management",
    ReactivateOrgIDP: "INSTANCE-5Mo0d Org-5Mo0d ok:admin ok:management",
    RemoveOrgIDP: "INSTANCE-4M0xy QUERY-rhR2o ok:admin ok:management",
    UpdateAzureADProvider: "INST-BHz3q ORG-BHz3q ok:admin ok:management unchanged",
    UpdateGenericOIDCProvider: "INST-Dg331 ORG-Dg331 ok:admin ok:management unchanged",
    UpdateGoogleProvider: "INST-D3r1s ORG-Dqrg1 ok:admin ok:management unchanged",
    UpdateJWTProvider: "INST-Bhju5 ORG-Bhju5 ok:admin ok:management unchanged",
    UpdateOrgIDP:
      "INSTANCE-3k0fs INSTANCE-m0e3r Org-1J9fs Org-jf9w V3-DKcYh ok:admin ok:management",
    UpdateOrgIDPJWTConfig:
      "INSTANCE-2m00d INSTANCE-3n9gg Org-2k9fs Org-67J9d ok:admin ok:management other-kind",
    UpdateOrgIDPOIDCConfig:
      "INSTANCE-67J9d INSTANCE-d8kwF Org-10ods Org-67J9d ok:admin ok:management other-kind",
  });
});

test.each(["management", "admin"] as const)(
  "an update of an LDAP provider is an event if its root CA is not that of the add (%s)",
  async (level) => {
    const random = createRandom(9);
    const owner = new Owner(client, level, random, new Map());
    const rootCas = ["", caCertificate, `# Another one\n${caCertificate}`].map((pem) =>
      Buffer.from(pem).toString("base64"),
    );
    for (const added of rootCas) {
      const response = await owner.call("AddLDAPProvider", {
        ...ldapRequest(added),
        bindPassword: "secret",
      });
      let stored = added;
      let sequence = parseWriteOutcome(response);
      for (let count = 0; count < 20; count++) {
        const rootCa = random.pick(rootCas);
        const request = { id: String(response["id"]), ...ldapRequest(rootCa) };
        const isEvent = rootCa !== added;
        const next = isEvent ? Number(sequence) + 1 : sequence;
        stored = isEvent && rootCa !== "" ? rootCa : stored;
        expect(await owner.write("UpdateLDAPProvider", request)).toBe(next);
        expect(await owner.call("GetProviderByID", { id: request.id })).toMatchObject({
          idp: { details: { sequence: String(next) }, config: { ldap: { rootCa: stored } } },
        });
        sequence = next;
      }
    }
  },
);

function ldapRequest(rootCa: string): JsonObject {
  return {
    name: "ldap",
    servers: ["ldaps://ldap.example.test"],
    baseDn: "dc=example",
    bindDn: "cn=admin",
    userBase: "dn",
    userObjectClasses: ["person"],
    userFilters: ["uid"],
    rootCa,
  };
}

/** Checks that both APIs return an IDP as its log has it. */
async function checkReads(owner: Owner, id: string, log: LegacyIdpLog): Promise<void> {
  const legacy = await owner.call("GetOrgIDPByID", { id });
  expect(legacy).toMatchObject(
    log.isRemoved ? { error: "QUERY-rhR2o" } : { idp: legacyIdpOf(owner, log) },
  );
  const provider = await owner.call("GetProviderByID", { id });
  expect(provider).toMatchObject(
    log.isRemoved || log.isDeletedAsProvider ? { error: "QUERY-SAFrt" } : { idp: providerOf(log) },
  );
}

function legacyIdpOf({ level }: Owner, log: LegacyIdpLog): Fields {
  const { name, stylingType, isAutoCreation } = log.read("legacyIdp");
  const config = log.read(log.kind === "oidc" ? "legacyOidcConfig" : "legacyJwtConfig");
  return {
    details: { sequence: String(log.legacySequence()) },
    state: log.isActive ? "IDP_STATE_ACTIVE" : "IDP_STATE_INACTIVE",
    name,
    stylingType,
    autoRegister: isAutoCreation,
    [`${log.kind}Config`]:
      // The AdminService omits the header.
      log.kind === "jwt" && level === "admin" ? { ...config, headerName: "" } : config,
  };
}

const providerTypes = { oidc: "OIDC", jwt: "JWT", azureAd: "AZURE_AD", google: "GOOGLE" };

function providerOf(log: LegacyIdpLog): Fields {
  const {
    name,
    isLinkingAllowed,
    isCreationAllowed,
    isAutoCreation,
    isAutoUpdate = false,
  } = log.read("provider");
  return {
    details: { sequence: String(log.lastSequence("provider")) },
    state: "IDP_STATE_ACTIVE",
    name,
    type: `PROVIDER_TYPE_${providerTypes[log.type]}`,
    config: {
      options: { isLinkingAllowed, isCreationAllowed, isAutoCreation, isAutoUpdate },
      ...configOf(log),
    },
  };
}

/** Returns the config that reads of the provider API return. That of JWT hides the one of the type after a migration. */
function configOf(log: LegacyIdpLog): Fields {
  if (log.kind === "jwt") {
    const { issuer, jwtEndpoint, keysEndpoint, headerName } = log.read("providerJwtConfig");
    return { jwt: { issuer, jwtEndpoint, keysEndpoint, headerName } };
  }
  if (log.type === "azureAd" || log.type === "google") {
    const { clientId, scopes } = log.read(log.type);
    return { [log.type]: { clientId, scopes } };
  }
  const { issuer, clientId, scopes, isIdTokenMapping = true } = log.read("providerOidcConfig");
  return { oidc: { issuer, clientId, scopes, isIdTokenMapping } };
}
