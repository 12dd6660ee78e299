import {
  type CallOptions,
  Code,
  ConnectError,
  type ContextValues,
  createContextValues,
} from "@connectrpc/connect";
import { notDecoded } from "../rest/json/not-decoded.js";
import type { AdminClient } from "../admin.js";
import {
  ErrorDetailSchema,
  type IDP,
  type IDPLoginPolicyLink,
  IDPOwnerType,
  type LoginPolicy,
  type Provider,
  type TextQueryMethod,
} from "../idp.js";
import type { ManagementClient } from "../management.js";
import { notDecodedKey } from "../transport/not-decoded.js";

/** A part of a list, and what narrows it on the server. */
export interface Page {
  readonly offset?: number;
  /** None means all. */
  readonly limit?: number;
  readonly id?: string;
  readonly name?: NameQuery;
  /** Of an organization: what it owns, what the instance owns, or both. */
  readonly owner?: "org" | "instance";
}

/** A name, or a part of one. */
export interface NameQuery {
  readonly text: string;
  readonly method: TextQueryMethod;
}

/** What a provider was read from, and what of the answer has no place in it. */
export interface ReadProvider {
  readonly provider: Provider;
  readonly notDecoded: readonly string[];
}

/** What a login policy offers. */
export interface PolicyLinks {
  readonly links: readonly IDPLoginPolicyLink[];
  /** The policy itself, where it can be read without a delay. */
  readonly policy?: LoginPolicy;
  /** Whether it is the instance's default in place of one of the organization's own. */
  readonly isInherited: boolean;
}

/** The reads of one owner, the same for an organization (ManagementService) and for the instance (AdminService). */
export interface OwnerReads {
  readonly owner: "org" | "instance";
  /** Trails writes. */
  list(page: Page, options: CallOptions): Promise<{ result: ReadProvider[]; total: number }>;
  /** Never stale. Fails for what belongs to the other owner. */
  get(id: string, options: CallOptions): Promise<ReadProvider>;
  /** The legacy IDPs that are seen from there. Trails writes. */
  legacy(name: NameQuery | undefined, options: CallOptions): Promise<IDP[]>;
  /** One legacy IDP that is seen from there. Never stale. */
  legacyIdp(id: string, options: CallOptions): Promise<IDP | undefined>;
  /** What the login page offers. Never stale. */
  policyLinks(options: CallOptions): Promise<PolicyLinks>;
}

/** Returns context values for one call, and the list of what its message cannot hold, which fills with the answer. */
function collectNotDecoded(): { found: string[]; contextValues: ContextValues } {
  const found: string[] = [];
  const contextValues = createContextValues().set(notDecodedKey, (output, json) => {
    found.push(...notDecoded(output, json));
  });
  return { found, contextValues };
}

export function ownerReads(client: ManagementClient | AdminClient): OwnerReads {
  const isOrg = isManagement(client);
  return {
    owner: isOrg ? "org" : "instance",
    async list(page, options) {
      const { found, contextValues } = collectNotDecoded();
      const withList = { ...options, contextValues };
      const query = { offset: BigInt(page.offset ?? 0), limit: page.limit ?? 0 };
      const queries = [...idQuery(page), ...nameQuery(page.name)];
      const { result, details } = isOrg
        ? await client.listProviders(
            { query, queries: [...queries, ...ownerQuery(page)] },
            withList,
          )
        : await client.listProviders({ query, queries }, withList);
      return {
        result: result.map((provider, index) => ({
          provider,
          notDecoded: below(`result[${index}].`, found),
        })),
        total: Number(details?.totalResult ?? 0n),
      };
    },
    async get(id, options) {
      const { found, contextValues } = collectNotDecoded();
      const { idp } = await client.getProviderByID({ id }, { ...options, contextValues });
      if (idp === undefined) {
        throw new Error(`the server answered the read of ${id} without a provider`);
      }
      return { provider: idp, notDecoded: below("idp.", found) };
    },
    async legacy(name, options) {
      const queries = nameQuery(name);
      const { result } = isOrg
        ? await client.listOrgIDPs({ queries }, options)
        : await client.listIDPs({ queries }, options);
      return result;
    },
    async legacyIdp(id, options) {
      try {
        const { idp } = isOrg
          ? await client.getOrgIDPByID({ id }, options)
          : await client.getIDPByID({ id }, options);
        return idp;
      } catch (error) {
        if (isMissing(error)) {
          return undefined;
        }
        throw error;
      }
    },
    async policyLinks(options) {
      if (!isOrg) {
        // GetLoginPolicy trails writes here, and this list does not.
        const { result } = await client.listLoginPolicyIDPs({}, options);
        return { links: result, isInherited: false };
      }
      const { policy, isDefault } = await client.getLoginPolicy({}, options);
      return { links: policy?.idps ?? [], ...(policy && { policy }), isInherited: isDefault };
    },
  };
}

/** The two clients differ in more than their types: only an organization can add a login policy. */
export function isManagement(client: ManagementClient | AdminClient): client is ManagementClient {
  return "addCustomLoginPolicy" in client;
}

/** The ids of the errors of reads that find nothing. `not_found` has other meanings too. */
const missing = new Set(["QUERY-SAFrt", "QUERY-rhR2o"]);

/** Whether an error says that there is no such provider or legacy IDP. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof ConnectError &&
    error.code === Code.NotFound &&
    error.findDetails(ErrorDetailSchema).some(({ id }) => missing.has(id))
  );
}

export const ownerTypes: Readonly<Record<"org" | "instance", IDPOwnerType>> = {
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

function nameQuery(name: NameQuery | undefined) {
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
