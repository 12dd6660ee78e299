import { Code, ConnectError, type CallOptions } from "@connectrpc/connect";
import type { AdminClient } from "../admin.js";
import {
  ErrorDetailSchema,
  type IDP,
  type IDPLoginPolicyLink,
  IDPOwnerType,
  type LoginPolicy,
  type Provider,
  TextQueryMethod,
} from "../idp.js";
import type { ManagementClient } from "../management.js";

/** The reads of one of the two levels, the same for both. Each sees what is owned on this level and nothing else. */
export interface Level {
  /** The providers with a name; all for an empty one. Trails writes. */
  providers(name: string, options: CallOptions): Promise<Provider[]>;
  /** One provider. Never stale. */
  provider(id: string, options: CallOptions): Promise<Provider | undefined>;
  /** The legacy IDPs with a name, in any case. Trails writes. */
  legacy(name: string, options: CallOptions): Promise<IDP[]>;
  /** Whether there is such a legacy IDP. Never stale. */
  hasLegacy(id: string, options: CallOptions): Promise<boolean>;
  /** The organization's own login policy. The instance always has one, so nobody adds it. */
  policy?(options: CallOptions): Promise<LoginPolicy | undefined>;
  /** What that login policy offers. */
  links(options: CallOptions): Promise<IDPLoginPolicyLink[]>;
}

export function levelOf(client: ManagementClient | AdminClient): Level {
  return "addCustomLoginPolicy" in client ? organization(client) : instance(client);
}

function organization(client: ManagementClient): Level {
  const owner = IDPOwnerType.IDP_OWNER_TYPE_ORG;
  // The lists have what belongs to the instance too.
  const isOwn = (each: { owner: IDPOwnerType }): boolean => each.owner === owner;
  const policy = async (options: CallOptions): Promise<LoginPolicy | undefined> => {
    const { policy: inForce, isDefault } = await client.getLoginPolicy({}, options);
    return isDefault ? undefined : inForce;
  };
  return {
    async providers(name, options) {
      const queries = nameQuery(name, TextQueryMethod.EQUALS);
      const { result } = await client.listProviders({ queries }, options);
      return result.filter(isOwn);
    },
    async provider(id, options) {
      return (await found(client.getProviderByID({ id }, options)))?.idp;
    },
    async legacy(name, options) {
      const queries = nameQuery(name, TextQueryMethod.EQUALS_IGNORE_CASE);
      const { result } = await client.listOrgIDPs({ queries }, options);
      return result.filter(isOwn);
    },
    async hasLegacy(id, options) {
      return (await found(client.getOrgIDPByID({ id }, options)))?.idp?.owner === owner;
    },
    policy,
    links: async (options) => (await policy(options))?.idps ?? [],
  };
}

function instance(client: AdminClient): Level {
  return {
    async providers(name, options) {
      const queries = nameQuery(name, TextQueryMethod.EQUALS);
      return (await client.listProviders({ queries }, options)).result;
    },
    async provider(id, options) {
      return (await found(client.getProviderByID({ id }, options)))?.idp;
    },
    async legacy(name, options) {
      const queries = nameQuery(name, TextQueryMethod.EQUALS_IGNORE_CASE);
      return (await client.listIDPs({ queries }, options)).result;
    },
    async hasLegacy(id, options) {
      return (await found(client.getIDPByID({ id }, options)))?.idp !== undefined;
    },
    // GetLoginPolicy trails writes here, and this list does not.
    links: async (options) => (await client.listLoginPolicyIDPs({}, options)).result,
  };
}

interface NameQuery {
  query: { case: "idpNameQuery"; value: { name: string; method: TextQueryMethod } };
}

/** None for an empty name. */
function nameQuery(name: string, method: TextQueryMethod): NameQuery[] {
  return name === "" ? [] : [{ query: { case: "idpNameQuery", value: { name, method } } }];
}

/** The ids of the errors of reads that find nothing. `not_found` has other meanings too. */
const missing = new Set(["QUERY-SAFrt", "QUERY-rhR2o"]);

async function found<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (
      error instanceof ConnectError &&
      error.code === Code.NotFound &&
      error.findDetails(ErrorDetailSchema).some(({ id }) => missing.has(id))
    ) {
      return undefined;
    }
    throw error;
  }
}
