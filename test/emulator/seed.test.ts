import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import { createEmulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { createKeyPair } from "../support/rsa-keys.js";

type Provider = NonNullable<EmulatorSeed["providers"]>[number];

const request = { name: "n", issuer: "i", clientId: "c", clientSecret: "s3cr3t" };
const oidc: Provider = { owner: "Acme", rpc: "AddGenericOIDCProvider", request };
const metadata =
  '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="a"><IDPSSODescriptor/></EntityDescriptor>';
const [keyPair, anotherKeyPair] = [createKeyPair(), createKeyPair()];

describe("an invalid seed is rejected with the name of the invalid part, and without secrets", () => {
  const organizations: NonNullable<EmulatorSeed["organizations"]> = [
    { id: "1", name: "Acme" },
    { id: "2", name: "Gone", state: "removed" },
  ];
  const user = { name: "ci", organization: "Acme" };
  const token = "t0ken";
  const human = { id: "8", name: "ann", organization: "Acme" };
  const withKey = (publicKey: string): EmulatorSeed => ({
    organizations,
    serviceUsers: [{ ...user, keys: [{ id: "k", publicKey }] }],
  });
  const { publicKey: elliptic } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const damaged = keyPair.publicSpki.replace(/\n.{8}/, "\n");
  test.each<[string, EmulatorSeed, string]>([
    ["no organization", { organizations: [] }, "seed: organizations is empty"],
    [
      "a duplicate id",
      { organizations: [...organizations, { id: "1", name: "B" }] },
      "seed: two organizations have the id 1",
    ],
    [
      "a user of an unknown organization",
      { organizations, serviceUsers: [{ ...user, token, organization: "B" }] },
      "seed: service user ci names the organization B",
    ],
    [
      "an unknown role",
      { organizations, serviceUsers: [{ ...user, token, instanceRoles: ["OWNER"] }] },
      "seed: service user ci has the unknown role OWNER",
    ],
    [
      "a duplicate token",
      {
        organizations,
        serviceUsers: [
          { ...user, token },
          { ...user, token, name: "cd" },
        ],
      },
      "seed: service user cd has the token of another service user",
    ],
    [
      "an RPC that adds nothing",
      { organizations, providers: [{ owner: "Acme", rpc: "DeleteProvider", request: {} }] },
      "seed: provider of Acme: ManagementService has no RPC DeleteProvider that adds",
    ],
    [
      "a request that the RPC rejects",
      {
        organizations,
        providers: [
          { owner: "instance", rpc: "AddGenericOIDCProvider", request: { ...request, name: "" } },
        ],
      },
      "seed: provider of instance by AddGenericOIDCProvider: [invalid_argument] invalid AddGenericOIDCProviderRequest.Name",
    ],
    [
      "a duplicate id of a provider",
      {
        organizations,
        providers: [
          { ...oidc, id: "9" },
          { ...oidc, id: "9" },
        ],
      },
      "seed: two providers have the id 9",
    ],
    [
      "a duplicate id of a human",
      { organizations, humans: [human, { ...human, name: "bob" }] },
      "seed: two humans have the id 8",
    ],
    [
      "a human of a removed organization",
      { organizations, humans: [{ ...human, organization: "Gone" }] },
      "seed: human ann: the organization is removed",
    ],
    [
      "a private key",
      withKey(keyPair.privatePkcs1),
      "seed: service user ci: the publicKey of the key k is a private key",
    ],
    [
      "no key",
      withKey("key"),
      "seed: service user ci: the publicKey of the key k is not a public key in PEM",
    ],
    [
      "a damaged key",
      withKey(damaged),
      "seed: service user ci: the publicKey of the key k is damaged",
    ],
    [
      "a key of another kind",
      withKey(elliptic.export({ type: "spki", format: "pem" }).toString()),
      "seed: service user ci: the publicKey of the key k is damaged or is not an RSA key",
    ],
    [
      "a short key",
      withKey(createKeyPair(1024).publicPkcs1),
      "seed: service user ci: the publicKey of the key k must have at least 2048 bits",
    ],
    [
      "two keys with one id",
      {
        organizations,
        serviceUsers: [
          {
            ...user,
            keys: [keyPair, anotherKeyPair].map(({ publicSpki }) => ({
              id: "k",
              publicKey: publicSpki,
            })),
          },
        ],
      },
      "seed: service user ci has two keys with the id k",
    ],
    [
      "an empty secret",
      { organizations, serviceUsers: [{ ...user, clientSecret: "" }] },
      "seed: service user ci has an empty clientSecret",
    ],
    [
      "two users with one name",
      { organizations, serviceUsers: [{ ...user, clientSecret: "s3cr3t" }, user] },
      "seed: two service users have the name ci",
    ],
    [
      "two users with one id",
      {
        organizations,
        serviceUsers: [
          { ...user, id: "7", clientSecret: "s3cr3t" },
          { ...user, id: "7", name: "cd" },
        ],
      },
      "seed: two service users have the id 7",
    ],
    [
      "an unknown state",
      { organizations: [{ name: "Acme", state: "closed" as "active" }] },
      "seed: organization Acme has the unknown state closed",
    ],
    [
      "an unknown state of a service user",
      { organizations, serviceUsers: [{ ...user, state: "removed" as "inactive" }] },
      "seed: service user ci has the unknown state removed; it must be active or inactive",
    ],
    [
      "a removed default organization",
      { organizations: organizations.toReversed() },
      "seed: the first organization is the instance's default, which cannot be removed",
    ],
    [
      "a provider of a removed organization",
      { organizations, providers: [{ owner: "Gone", rpc: "AddGenericOIDCProvider", request: {} }] },
      "seed: provider of Gone by AddGenericOIDCProvider: the organization is removed",
    ],
  ])("%s", (_, wrong, message) => {
    let text = "";
    try {
      createEmulator({ seed: wrong });
    } catch (error) {
      text = String(error);
    }
    expect(text).toContain(message);
    expect(text).not.toMatch(/MII|s3cr3t|t0ken/);
  });

  test("roles on a removed organization are removed too", async () => {
    const { fetch } = createEmulator({
      seed: {
        organizations,
        serviceUsers: [{ ...user, token: "t", organizationRoles: { Gone: ["ORG_OWNER"] } }],
      },
    });
    const client = createIdpClient({ baseUrl: "http://localhost", auth: "t", orgId: "2", fetch });
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      code: Code.NotFound,
    });
  });
});

describe("a seed with asynchronous parts", () => {
  const saml = (xml: string): Provider => ({
    owner: "instance",
    rpc: "AddSAMLProvider",
    request: { name: "saml", metadataXml: btoa(xml) },
  });

  test("keeps the order of its providers", async () => {
    const seed = {
      providers: [
        saml(metadata),
        {
          owner: "instance",
          rpc: "AddJWTProvider",
          request: {
            name: "jwt",
            jwtEndpoint: "j",
            issuer: "i",
            keysEndpoint: "k",
            headerName: "h",
          },
        },
      ],
    };
    const emulator = createEmulator({ seed });
    const client = createIdpClient({
      baseUrl: emulator.url,
      auth: emulator.token,
      fetch: emulator.fetch,
    });
    const { result } = await client.admin.listProviders({});
    const byId = result.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId.map(({ name }) => name)).toEqual(["saml", "jwt"]);
  });

  test("is rejected by listen, with the name of the invalid part", async () => {
    const emulator = createEmulator({ seed: { providers: [saml("<html/>")] } });
    await expect(emulator.listen()).rejects.toThrow(
      "seed: provider of instance by AddSAMLProvider: [invalid_argument] SAML Metadata format error (INST-SF3rwhgh)",
    );
  });
});

describe("a seed with a deactivated service user", () => {
  const base = { organization: "Acme", instanceRoles: ["IAM_OWNER"] };
  const emulator = createEmulator({
    seed: {
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [
        { ...base, id: "7", name: "old", state: "inactive", token: "old-token" },
        { ...base, id: "8", name: "new", state: "active", token: "new-token" },
      ],
      providers: [
        { owner: "Acme", rpc: "AddGoogleProvider", request: { clientId: "c", clientSecret: "s" } },
      ],
    },
  });

  test("offers the first valid token", () => {
    expect(emulator.token).toBe("new-token");
  });

  test("shows the states of its users, and has its providers", async () => {
    const get = async (path: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${emulator.token}` };
      return (await emulator.fetch(`${emulator.url}${path}`, { headers })).json();
    };
    expect([
      await get("/management/v1/users/7"),
      await get("/management/v1/users/8"),
    ]).toMatchObject([
      { user: { state: "USER_STATE_INACTIVE" } },
      { user: { state: "USER_STATE_ACTIVE" } },
    ]);
    const client = createIdpClient({
      baseUrl: emulator.url,
      auth: emulator.token,
      fetch: emulator.fetch,
    });
    expect((await client.management.listProviders({})).result).toHaveLength(1);
  });
});
