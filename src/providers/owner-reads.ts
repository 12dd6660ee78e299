import {
  type CallOptions,
  Code,
  ConnectError,
  type ContextValues,
  createContextValues,
} from "@connectrpc/connect";
import {
  ErrorDetailSchema,
  type IDP,
  type IDPLoginPolicyLink,
  IDPOwnerType,
  type LoginPolicy,
  type Provider,
  type TextQueryMethod,
} from "../services/idp.js";
import { findUnknownFields } from "../rest/json/find-unknown-fields.js";
import type { AnyAdminClient, AnyManagementClient } from "./service-clients.js";
import { inspectJsonKey } from "../transport/inspect-json.js";

/** A part of a list, and the filters that the server applies. */
export interface ListPage {
  readonly offset?: number | undefined;
  /** The number of providers. If left out, all of them. */
  readonly limit?: number | undefined;
  readonly id?: string | undefined;
  readonly name?: NameQuery | undefined;
  /** The owner of the providers that an organization sees: the organization or the instance. If left out, both. */
  readonly owner?: "org" | "instance" | undefined;
}

/** A name or a part of a name, and the method of comparing it. */
interface NameQuery {
  readonly text: string;
  readonly method: TextQueryMethod;
}

/** A provider as it was read, and the paths of its fields in the response that the message type does not have. */
export interface RawProvider {
  readonly provider: Provider;
  readonly notDecoded: readonly string[];
}

/** The active providers of a login policy. */
export interface PolicyLinks {
  readonly links: readonly IDPLoginPolicyLink[];
  /** The policy itself. Absent for the instance, whose policy cannot be read without a delay after writes. */
  readonly policy?: LoginPolicy | undefined;
  /** True if the policy is the instance's default, because the organization has none of its own. */
  readonly isInherited: boolean;
}

/** The reads of one owner. They are the same for an organization (ManagementService) and for the instance (AdminService). */
export interface OwnerReads {
  readonly owner: "org" | "instance";
  /** Lists providers. Lags behind writes. */
  list(page: ListPage, options: CallOptions): Promise<{ result: RawProvider[]; total: number }>;
  /** Reads a provider. Always current. Fails for a provider of another owner. */
  get(id: string, options: CallOptions): Promise<RawProvider>;
  /** Lists the legacy IDPs that the owner sees. Lags behind writes. */
  listLegacyIdps(name: NameQuery | undefined, options: CallOptions): Promise<IDP[]>;
  /** Reads one legacy IDP that the owner sees. Always current. */
  getLegacyIdp(id: string, options: CallOptions): Promise<IDP | undefined>;
  /** Reads the links of the login policy. Always current. */
  readPolicyLinks(options: CallOptions): Promise<PolicyLinks>;
  /** Reads the links of the instance's default login policy. Lags behind writes for an organization. */
  readDefaultPolicyLinks(options: CallOptions): Promise<readonly IDPLoginPolicyLink[]>;
}

/**
 * Returns context values for one call, and a list that collects the paths of unknown fields in its response. The JSON transport calls
 * the function in the context values (transport/inspect-json.ts); messages of the other wire protocols keep their unknown fields.
 */
function collectUnknownFields(): { found: string[]; contextValues: ContextValues } {
  const found: string[] = [];
  const contextValues = createContextValues().set(inspectJsonKey, (output, json) => {
    found.push(...findUnknownFields(output, json));
  });
  return { found, contextValues };
}

type AnyClient = AnyManagementClient | AnyAdminClient;

/** Creates the reads of the owner that a client serves. */
export function createOwnerReads(client: AnyClient): OwnerReads {
  const isOrg = isManagementClient(client);
  return {
    owner: isOrg ? "org" : "instance",
    async list(page, options) {
      const { found, contextValues } = collectUnknownFields();
      const callOptions = { ...options, contextValues };
      const query = { offset: BigInt(page.offset ?? 0), limit: page.limit ?? 0 };
      const queries = [...toIdQueries(page), ...toNameQueries(page.name)];
      const { result, details } = isOrg
        ? await client.listProviders(
            { query, queries: [...queries, ...toOwnerQueries(page)] },
            callOptions,
          )
        : await client.listProviders({ query, queries }, callOptions);
      return {
        result: result.map((provider, index) => ({
          provider,
          notDecoded: selectPathsBelow(`result[${index}].`, found),
        })),
        total: Number(details?.totalResult ?? 0n),
      };
    },
    async get(id, options) {
      const { found, contextValues } = collectUnknownFields();
      const { idp } = await client.getProviderByID({ id }, { ...options, contextValues });
      if (idp === undefined) {
        throw new Error(`the server's response to the read of provider ${id} contains no provider`);
      }
      return { provider: idp, notDecoded: selectPathsBelow("idp.", found) };
    },
    async listLegacyIdps(name, options) {
      const queries = toNameQueries(name);
      const { result } = isOrg
        ? await client.listOrgIDPs({ queries }, options)
        : await client.listIDPs({ queries }, options);
      return result;
    },
    getLegacyIdp: async (id, options) => await getLegacyIdp(client, id, options),
    readPolicyLinks: async (options) => await readPolicyLinks(client, options),
    async readDefaultPolicyLinks(options) {
      if (!isOrg) {
        return (await client.listLoginPolicyIDPs({}, options)).result;
      }
      return (await client.getDefaultLoginPolicy({}, options)).policy?.idps ?? [];
    },
  };
}

async function getLegacyIdp(
  client: AnyClient,
  id: string,
  options: CallOptions,
): Promise<IDP | undefined> {
  try {
    const { idp } = isManagementClient(client)
      ? await client.getOrgIDPByID({ id }, options)
      : await client.getIDPByID({ id }, options);
    return idp;
  } catch (error) {
    if (isMissingProvider(error)) {
      return undefined;
    }
    throw error;
  }
}

async function readPolicyLinks(client: AnyClient, options: CallOptions): Promise<PolicyLinks> {
  if (!isManagementClient(client)) {
    // On the instance, GetLoginPolicy lags behind writes. This list does not.
    const { result } = await client.listLoginPolicyIDPs({}, options);
    return { links: result, isInherited: false };
  }
  const { policy, isDefault } = await client.getLoginPolicy({}, options);
  return { links: policy?.idps ?? [], ...(policy && { policy }), isInherited: isDefault };
}

/** Returns true for the client of an organization. Only that client can add a login policy. */
export function isManagementClient(client: AnyClient): client is AnyManagementClient {
  return "addCustomLoginPolicy" in client;
}

/** The error ids of reads that find nothing. The code `not_found` alone can have other meanings. */
const missingErrorIds = new Set(["QUERY-SAFrt", "QUERY-rhR2o"]);

/** Returns true if an error means that there is no such provider or legacy IDP. */
export function isMissingProvider(error: unknown): boolean {
  return (
    error instanceof ConnectError &&
    error.code === Code.NotFound &&
    error.findDetails(ErrorDetailSchema).some(({ id }) => missingErrorIds.has(id))
  );
}

/** Reads a provider. Returns undefined if there is none. */
export async function readRawIfExists(
  reads: OwnerReads,
  id: string,
  options: CallOptions,
): Promise<RawProvider | undefined> {
  try {
    return await reads.get(id, options);
  } catch (error) {
    if (isMissingProvider(error)) {
      return undefined;
    }
    throw error;
  }
}

/** The enum values of the owners in requests and responses. */
export const ownerTypes: Readonly<Record<"org" | "instance", IDPOwnerType>> = {
  org: IDPOwnerType.IDP_OWNER_TYPE_ORG,
  instance: IDPOwnerType.IDP_OWNER_TYPE_SYSTEM,
};

/** Returns the paths that begin with `prefix`, without the prefix. */
function selectPathsBelow(prefix: string, paths: readonly string[]): string[] {
  return paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
}

function toIdQueries({ id }: ListPage) {
  return id === undefined ? [] : [{ query: { case: "idpIdQuery" as const, value: { id } } }];
}

function toNameQueries(name: NameQuery | undefined) {
  return name === undefined
    ? []
    : [
        {
          query: { case: "idpNameQuery" as const, value: { name: name.text, method: name.method } },
        },
      ];
}

function toOwnerQueries({ owner }: ListPage) {
  return owner === undefined
    ? []
    : [{ query: { case: "ownerTypeQuery" as const, value: { ownerType: ownerTypes[owner] } } }];
}
