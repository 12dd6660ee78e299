import { randomUUID } from "node:crypto";
import type { IdpClient } from "zitadel-idp";
import { IDPOwnerType, TextQueryMethod } from "zitadel-idp/idp";

/** The context of an operation: the client of one wire protocol, the label, and the ids created so far. */
export interface Tour {
  readonly client: IdpClient;
  /** The beginning of every name that the tour creates, which identifies leftovers. */
  readonly label: string;
  readonly ids: Record<string, string>;
}

/** An operation, shown as one line of the table. */
export interface Operation {
  readonly name: string;
  /** The code of the expected error. Undefined if the operation should succeed. */
  readonly fails?: string;
  run(tour: Tour): Promise<unknown>;
}

const issuer = "https://idp.example.com";
const missingId = "999999999999999999";

const oidc = {
  issuer,
  clientId: "tour",
  scopes: ["openid", "email"],
  usePkce: true,
  providerOptions: { isLinkingAllowed: true, isCreationAllowed: true },
};

const ldap = {
  servers: ["ldaps://ldap.example.com:636"],
  baseDn: "dc=example,dc=com",
  bindDn: "cn=admin,dc=example,dc=com",
  userBase: "dn",
  userObjectClasses: ["user"],
  userFilters: ["uid"],
};

/** Creates a random secret for a single use. */
const createSecret = (): string => randomUUID();

/** The operations of the tour, in order. Each returns the values to compare between wire protocols. */
export const operations: readonly Operation[] = [
  {
    name: "add Generic OIDC with PKCE",
    async run({ client, label, ids }) {
      const added = await client.management.addGenericOIDCProvider({
        ...oidc,
        name: `${label} oidc`,
        clientSecret: createSecret(),
      });
      ids["oidc"] = added.id;
      return added;
    },
  },
  {
    name: "get it",
    run: ({ client, ids }) => client.management.getProviderByID({ id: requireId(ids, "oidc") }),
  },
  {
    name: "update it, secret kept",
    run: ({ client, label, ids }) =>
      client.management.updateGenericOIDCProvider({
        ...oidc,
        id: requireId(ids, "oidc"),
        name: `${label} oidc, updated`,
        scopes: ["openid", "profile", "email"],
      }),
  },
  {
    name: "get it again",
    run: ({ client, ids }) => client.management.getProviderByID({ id: requireId(ids, "oidc") }),
  },
  {
    name: "add Generic OAuth",
    async run({ client, label, ids }) {
      const added = await client.management.addGenericOAuthProvider({
        name: `${label} oauth`,
        clientId: "tour",
        clientSecret: createSecret(),
        authorizationEndpoint: `${issuer}/authorize`,
        tokenEndpoint: `${issuer}/token`,
        userEndpoint: `${issuer}/userinfo`,
        idAttribute: "sub",
      });
      ids["oauth"] = added.id;
      return added;
    },
  },
  {
    name: "add LDAP",
    async run({ client, label, ids }) {
      const added = await client.management.addLDAPProvider({
        ...ldap,
        name: `${label} ldap`,
        bindPassword: createSecret(),
      });
      ids["ldap"] = added.id;
      return added;
    },
  },
  {
    name: "update LDAP, password kept",
    run: ({ client, label, ids }) =>
      client.management.updateLDAPProvider({
        ...ldap,
        id: requireId(ids, "ldap"),
        name: `${label} ldap, updated`,
        startTls: true,
        timeout: { seconds: 10n },
        attributes: { idAttribute: "uid", emailAttribute: "mail" },
      }),
  },
  {
    name: "get LDAP",
    run: ({ client, ids }) => client.management.getProviderByID({ id: requireId(ids, "ldap") }),
  },
  {
    name: "add IDP (legacy API)",
    async run({ client, label, ids }) {
      const added = await client.admin.addOIDCIDP({
        name: `${label} legacy`,
        issuer,
        clientId: "tour",
        clientSecret: createSecret(),
      });
      ids["legacy"] = added.idpId;
      return added;
    },
  },
  {
    name: "update IDP (legacy API)",
    run: ({ client, label, ids }) =>
      client.admin.updateIDP({ idpId: requireId(ids, "legacy"), name: `${label} legacy, updated` }),
  },
  {
    name: "list",
    run: ({ client, label }) => listUntil(client, label, 3),
  },
  {
    name: "rejected input: no name",
    fails: "invalid_argument",
    run: ({ client }) =>
      client.management.addGenericOIDCProvider({ ...oidc, clientSecret: createSecret() }),
  },
  {
    name: "missing id",
    fails: "not_found",
    run: ({ client }) => client.management.getProviderByID({ id: missingId }),
  },
  ...["oidc", "oauth", "ldap"].map((key): Operation => ({
    name: `delete ${key}`,
    async run({ client, ids }) {
      const deleted = await client.management.deleteProvider({ id: requireId(ids, key) });
      delete ids[key];
      return deleted;
    },
  })),
  {
    name: "remove IDP (legacy API)",
    async run({ client, ids }) {
      const removed = await client.admin.removeIDP({ idpId: requireId(ids, "legacy") });
      delete ids["legacy"];
      return removed;
    },
  },
];

/** Removes the objects that an interrupted tour left behind. Returns a message for each object that could not be removed. */
export async function cleanUp({ client, ids, label }: Tour): Promise<string[]> {
  const leftovers: string[] = [];
  for (const [key, id] of Object.entries(ids)) {
    try {
      await (key === "legacy"
        ? client.admin.removeIDP({ idpId: id })
        : client.management.deleteProvider({ id }));
      delete ids[key];
    } catch (error) {
      leftovers.push(`"${label} ${key}" (id ${id}) could not be removed: ${String(error)}`);
    }
  }
  return leftovers;
}

function requireId(ids: Record<string, string>, key: string): string {
  const id = ids[key];
  if (id === undefined) {
    throw new Error(`there is no ${key} provider, because adding it failed`);
  }
  return id;
}

/**
 * Lists providers until there are `count` of them, and sorts them by name. On a real server, lists lag behind writes by some
 * milliseconds and have no order.
 */
async function listUntil(client: IdpClient, label: string, count: number): Promise<unknown> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const { details, result } = await client.management.listProviders({
      queries: [
        {
          query: {
            case: "idpNameQuery",
            value: { name: label, method: TextQueryMethod.STARTS_WITH },
          },
        },
        // The list of an organization also has the providers of the instance, including legacy IDPs.
        {
          query: { case: "ownerTypeQuery", value: { ownerType: IDPOwnerType.IDP_OWNER_TYPE_ORG } },
        },
      ],
    });
    if (result.length >= count || Date.now() > deadline) {
      return {
        total: details?.totalResult,
        result: result.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      };
    }
  }
}
