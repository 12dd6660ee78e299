import type { CallOptions, Transport } from "@connectrpc/connect";
import { providerTypes } from "../../gen/providers.js";
import type { LoginPolicy, ObjectDetails } from "../services/idp.js";
import type { AnyAdminClient, AnyManagementClient } from "./service-clients.js";
import type { FieldValues } from "./model/field-specs.js";
import type { ProviderType } from "./model/provider.js";
import {
  createOwnerReads,
  isManagementClient,
  type OwnerReads,
  ownerTypes,
} from "./owner-reads.js";

/** The clients of the two services, as `createIdpClient` returns them. */
export interface Services {
  readonly management: AnyManagementClient;
  readonly admin: AnyAdminClient;
  /** The transport of both services. Needed to check users before a deletion, with an RPC that neither client has. */
  readonly transport?: Transport | undefined;
}

/**
 * The calls on the providers of one owner. If the response of a call that creates something is lost, the call searches for the
 * object that it created.
 */
export interface OwnerApi extends OwnerReads {
  /** Adds a provider and returns its id. `known` contains the ids of the providers of this name that existed right before. */
  add(
    type: ProviderType,
    request: FieldValues,
    options: CallOptions,
    known?: ReadonlySet<string>,
  ): Promise<string>;
  update(
    type: ProviderType,
    request: FieldValues,
    options: CallOptions,
  ): Promise<ObjectDetails | undefined>;
  migrate(
    id: string,
    type: "azureAd" | "google",
    request: FieldValues,
    options: CallOptions,
  ): Promise<void>;
  remove(id: string, options: CallOptions): Promise<void>;
  /** Removes a legacy IDP, and the links of users and login policies to it. `remove` would leave its name and the links of users. */
  removeLegacyIdp(id: string, options: CallOptions): Promise<void>;
  /** Adds a provider to the login policy. An organization must have a login policy of its own. */
  link(link: ProviderLink, options: CallOptions): Promise<void>;
  unlink(id: string, options: CallOptions): Promise<void>;
  /** Creates a login policy for an organization. The instance always has one. */
  readonly createPolicy?:
    | ((
        settings: LoginPolicy,
        links: readonly ProviderLink[],
        options: CallOptions,
      ) => Promise<void>)
    | undefined;
}

/** The signature that the methods that update a provider share, whatever its type. */
type UpdateProvider = (
  request: FieldValues,
  options: CallOptions,
) => Promise<{ readonly details?: ObjectDetails | undefined }>;

/** A provider that a login policy offers. */
export interface ProviderLink {
  readonly id: string;
  readonly owner: "org" | "instance";
}

/** Creates the calls on the providers of one owner. */
export function createOwnerApi(services: Services, owner: "org" | "instance"): OwnerApi {
  const client = owner === "org" ? services.management : services.admin;
  return {
    ...createOwnerReads(client),
    async add(type, request, options, known) {
      const addOrResolve = await loadAddOrResolve();
      const method = `add${providerTypes[type].rpc}Provider` as const;
      // Both clients have the methods of all provider types.
      return await addOrResolve(client as AnyAdminClient, method, request, options, known);
    },
    async update(type, request, options) {
      const call: UpdateProvider = client[`update${providerTypes[type].rpc}Provider`];
      return (await call(request, options)).details;
    },
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
    async removeLegacyIdp(idpId, options) {
      await (isManagementClient(client)
        ? client.removeOrgIDP({ idpId }, options)
        : client.removeIDP({ idpId }, options));
    },
    async link(link, options) {
      const addOrResolve = await loadAddOrResolve();
      await (isManagementClient(client)
        ? addOrResolve(client, "addIDPToLoginPolicy", toLinkRequest(link), options)
        : addOrResolve(client, "addIDPToLoginPolicy", { idpId: link.id }, options));
    },
    async unlink(idpId, options) {
      await client.removeIDPFromLoginPolicy({ idpId }, options);
    },
    ...(isManagementClient(client) && {
      async createPolicy(policy, links, options) {
        const { $typeName: _type, details: _details, isDefault: _isDefault, ...settings } = policy;
        const request = { ...settings, idps: links.map(toLinkRequest) };
        const addOrResolve = await loadAddOrResolve();
        await addOrResolve(client, "addCustomLoginPolicy", request, options);
      },
    }),
  };
}

/**
 * Loads the function that adds an object, with the search for an add of unknown outcome, which pages that only read do not need. It
 * loads before the add is sent, because after a lost response the network may not deliver the code either.
 */
async function loadAddOrResolve() {
  return (await import("./resolve-create/add-or-resolve.js")).addOrResolve;
}

function toLinkRequest({ id, owner }: ProviderLink) {
  return { idpId: id, ownerType: ownerTypes[owner] };
}
