import type { CallOptions } from "@connectrpc/connect";
import { providerTypes } from "../../gen/providers.js";
import type { AdminClient } from "../admin.js";
import type { LoginPolicy, ObjectDetails } from "../idp.js";
import type { ManagementClient } from "../management.js";
import { addOrResolve } from "./resolve-create/add-or-resolve.js";
import type { PlainFields } from "./model/convert-fields.js";
import type { ProviderType } from "./model/provider.js";
import {
  isManagementClient,
  createOwnerReads,
  type OwnerReads,
  ownerTypes,
} from "./owner-reads.js";

/** The clients of the two services, as `createIdpClient` returns them. */
export interface Services {
  readonly management: ManagementClient;
  readonly admin: AdminClient;
}

/**
 * The calls on the providers of one owner. If the response of a call that creates something is lost, the call searches for the
 * object that it created.
 */
export interface OwnerApi extends OwnerReads {
  add(type: ProviderType, request: PlainFields, options: CallOptions): Promise<string>;
  update(type: ProviderType, request: PlainFields, options: CallOptions): Promise<Details>;
  migrate(
    id: string,
    type: "azureAd" | "google",
    request: PlainFields,
    options: CallOptions,
  ): Promise<void>;
  remove(id: string, options: CallOptions): Promise<void>;
  /** Adds a provider to the login policy. An organization must have a login policy of its own. */
  link(link: ProviderLink, options: CallOptions): Promise<void>;
  unlink(id: string, options: CallOptions): Promise<void>;
  /** Creates a login policy for an organization. The instance always has one. */
  createPolicy?(
    settings: LoginPolicy,
    links: readonly ProviderLink[],
    options: CallOptions,
  ): Promise<void>;
}

/** A provider that a login policy offers. */
export interface ProviderLink {
  readonly id: string;
  readonly owner: "org" | "instance";
}

type Details = ObjectDetails | undefined;
type Method = (request: object, options: CallOptions) => Promise<{ details?: Details }>;

/** Creates the calls on the providers of one owner. */
export function createOwnerApi(services: Services, owner: "org" | "instance"): OwnerApi {
  const client = owner === "org" ? services.management : services.admin;
  return {
    ...createOwnerReads(client),
    add: async (type, request, options) =>
      await addOrResolve(client as AdminClient, addMethod(type), request, options),
    async update(type, request, options) {
      const method = `update${providerTypes[type].rpc}Provider`;
      const update = (client as unknown as Record<string, Method | undefined>)[method];
      return (await update?.(request, options))?.details;
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
    async link(link, options) {
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
        await addOrResolve(client, "addCustomLoginPolicy", request, options);
      },
    }),
  };
}

/**
 * Returns the name of the method that adds a provider of a type. The return type is one such name, because all these methods
 * have the same form.
 */
function addMethod(type: ProviderType): "addGoogleProvider" {
  return `add${providerTypes[type].rpc}Provider` as "addGoogleProvider";
}

function toLinkRequest({ id, owner }: ProviderLink) {
  return { idpId: id, ownerType: ownerTypes[owner] };
}
