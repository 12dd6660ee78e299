import { type CallOptions, createContextValues } from "@connectrpc/connect";
import { providerTypes } from "../../gen/providers.js";
import type { AdminClient } from "../admin.js";
import {
  type IDP,
  type IDPLoginPolicyLink,
  IDPOwnerType,
  type LoginPolicy,
  type ObjectDetails,
  type Provider,
  TextQueryMethod,
} from "../idp.js";
import type { ManagementClient } from "../management.js";
import { orgIdHeader } from "../policy/org.js";
import { notDecodedKey } from "../transport/not-decoded.js";
import type { Plain } from "./model/fields.js";
import { resolveCreate } from "./resolve-create.js";
import { settled } from "./settled.js";
import type { ProviderType } from "./model/provider.js";

/** The two services, as `createIdpClient` gives them. */
export interface Services {
  readonly management: ManagementClient;
  readonly admin: AdminClient;
}

/** A part of a list, and what narrows it on the server. */
export interface Page {
  readonly offset?: number;
  /** None means all. */
  readonly limit?: number;
  readonly id?: string;
  readonly name?: { readonly text: string; readonly method: TextQueryMethod };
  /** Of an organization: what it owns, what the instance owns, or both. */
  readonly owner?: "org" | "instance";
}

/** What a provider was read from, and what of the answer has no place in it. */
export interface ReadProvider {
  readonly provider: Provider;
  readonly notDecoded: readonly string[];
}

/** The providers of one owner: the RPCs of the ManagementService for an organization, of the AdminService for the instance. */
export interface OwnerApi {
  readonly owner: "org" | "instance";
  list(page: Page, options: CallOptions): Promise<{ result: ReadProvider[]; total: number }>;
  /** Never stale. Fails for what belongs to the other owner. */
  get(id: string, options: CallOptions): Promise<ReadProvider>;
  add(type: ProviderType, request: Plain, options: CallOptions): Promise<string>;
  update(type: ProviderType, request: Plain, options: CallOptions): Promise<Details>;
  migrate(
    id: string,
    type: "azureAd" | "google",
    request: Plain,
    options: CallOptions,
  ): Promise<void>;
  remove(id: string, options: CallOptions): Promise<void>;
  /** The legacy IDPs that are seen from there. */
  legacy(options: CallOptions): Promise<IDP[]>;
  /** The ids of the providers at which a user has an account. */
  linkedTo(userId: string, orgId: string | undefined, options: CallOptions): Promise<string[]>;
  policy: PolicyApi;
}

type Details = ObjectDetails | undefined;

/** What a login policy offers. */
export interface PolicyLinks {
  readonly links: readonly IDPLoginPolicyLink[];
  /** The policy itself, where it can be read without a delay. */
  readonly policy?: LoginPolicy;
  /** Whether it is the instance's default in place of one of the organization's own. */
  readonly isInherited: boolean;
}

/** The login policy of one owner. */
export interface PolicyApi {
  /** What it offers. Never stale. */
  links(options: CallOptions): Promise<PolicyLinks>;
  link(id: string, owner: "org" | "instance", options: CallOptions): Promise<void>;
  unlink(id: string, options: CallOptions): Promise<void>;
  /** Gives an organization one of its own. The instance has one always. */
  create?(
    settings: LoginPolicy,
    links: readonly { readonly id: string; readonly owner: "org" | "instance" }[],
    options: CallOptions,
  ): Promise<void>;
}

type Method = (request: object, options: CallOptions) => Promise<{ id: string; details?: Details }>;

export function ownerApi(services: Services, owner: "org" | "instance"): OwnerApi {
  const { management, admin } = services;
  const client = owner === "org" ? management : admin;
  const methodOf = (verb: "add" | "update", type: ProviderType): Method =>
    (client as unknown as Record<string, Method>)[
      `${verb}${providerTypes[type].rpc}Provider`
    ] as Method;
  return {
    owner,
    async list(page, options) {
      const notDecoded: string[] = [];
      const contextValues = createContextValues().set(notDecodedKey, notDecoded);
      const withList = { ...options, contextValues };
      const query = { offset: BigInt(page.offset ?? 0), limit: page.limit ?? 0 };
      const queries = [...idQuery(page), ...nameQuery(page)];
      const { result, details } =
        owner === "org"
          ? await management.listProviders(
              { query, queries: [...queries, ...ownerQuery(page)] },
              withList,
            )
          : await admin.listProviders({ query, queries }, withList);
      return {
        result: result.map((provider, index) => ({
          provider,
          notDecoded: below(`result[${index}].`, notDecoded),
        })),
        total: Number(details?.totalResult ?? 0n),
      };
    },
    async get(id, options) {
      const notDecoded: string[] = [];
      const contextValues = createContextValues().set(notDecodedKey, notDecoded);
      const { idp } = await client.getProviderByID({ id }, { ...options, contextValues });
      if (idp === undefined) {
        throw new Error(`the server answered the read of ${id} without a provider`);
      }
      return { provider: idp, notDecoded: below("idp.", notDecoded) };
    },
    add: async (type, request, options) =>
      await settled(
        async () => (await methodOf("add", type)(request, options)).id,
        async ({ startedAt }) => {
          const method = `add${providerTypes[type].rpc}Provider` as "addGoogleProvider";
          const since = { since: startedAt, ...options };
          return (await resolveCreate(client as AdminClient, method, request, since)).id;
        },
      ),
    update: async (type, request, options) =>
      (await methodOf("update", type)(request, options)).details,
    async migrate(id, type, request, options) {
      const template = {
        case: type === "google" ? ("google" as const) : ("azure" as const),
        value: request,
      };
      await client.migrateGenericOIDCProvider({ id, template }, options);
    },
    async remove(id, options) {
      await client.deleteProvider({ id }, options);
    },
    async legacy(options) {
      const { result } =
        owner === "org"
          ? await management.listOrgIDPs({}, options)
          : await admin.listIDPs({}, options);
      return result;
    },
    async linkedTo(userId, orgId, options) {
      const headers = orgId === undefined ? {} : { headers: { [orgIdHeader]: orgId } };
      const { result } = await management.listHumanLinkedIDPs(
        { userId },
        { ...options, ...headers },
      );
      return result.map(({ idpId }) => idpId);
    },
    policy: owner === "org" ? organizationPolicy(management) : instancePolicy(admin),
  };
}

function organizationPolicy(client: ManagementClient): PolicyApi {
  return {
    async links(options) {
      const { policy, isDefault } = await client.getLoginPolicy({}, options);
      return { links: policy?.idps ?? [], ...(policy && { policy }), isInherited: isDefault };
    },
    async link(idpId, owner, options) {
      const request = { idpId, ownerType: ownerTypes[owner] };
      await settled(
        async () => void (await client.addIDPToLoginPolicy(request, options)),
        async ({ startedAt }) =>
          void (await resolveCreate(client, "addIDPToLoginPolicy", request, {
            since: startedAt,
            ...options,
          })),
      );
    },
    async unlink(idpId, options) {
      await client.removeIDPFromLoginPolicy({ idpId }, options);
    },
    async create(policy, links, options) {
      const {
        $typeName: _type,
        $unknown: _,
        details: _details,
        isDefault: _isDefault,
        ...settings
      } = policy;
      const idps = links.map(({ id, owner }) => ({ idpId: id, ownerType: ownerTypes[owner] }));
      const request = { ...settings, idps };
      await settled(
        async () => void (await client.addCustomLoginPolicy(request, options)),
        async ({ startedAt }) =>
          void (await resolveCreate(client, "addCustomLoginPolicy", request, {
            since: startedAt,
            ...options,
          })),
      );
    },
  };
}

function instancePolicy(client: AdminClient): PolicyApi {
  return {
    // GetLoginPolicy trails writes here, and this list does not.
    links: async (options) => ({
      links: (await client.listLoginPolicyIDPs({}, options)).result,
      isInherited: false,
    }),
    async link(idpId, _owner, options) {
      await settled(
        async () => void (await client.addIDPToLoginPolicy({ idpId }, options)),
        async ({ startedAt }) =>
          void (await resolveCreate(
            client,
            "addIDPToLoginPolicy",
            { idpId },
            { since: startedAt, ...options },
          )),
      );
    },
    async unlink(idpId, options) {
      await client.removeIDPFromLoginPolicy({ idpId }, options);
    },
  };
}

const ownerTypes: Readonly<Record<"org" | "instance", IDPOwnerType>> = {
  org: IDPOwnerType.IDP_OWNER_TYPE_ORG,
  instance: IDPOwnerType.IDP_OWNER_TYPE_SYSTEM,
};

/** The paths that begin so, without it. */
function below(prefix: string, paths: readonly string[]): string[] {
  return paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
}

function idQuery({ id }: Page) {
  return id === undefined ? [] : [{ query: { case: "idpIdQuery" as const, value: { id } } }];
}

function nameQuery({ name }: Page) {
  return name === undefined
    ? []
    : [
        {
          query: { case: "idpNameQuery" as const, value: { name: name.text, method: name.method } },
        },
      ];
}

function ownerQuery({ owner }: Page) {
  return owner === undefined
    ? []
    : [{ query: { case: "ownerTypeQuery" as const, value: { ownerType: ownerTypes[owner] } } }];
}
