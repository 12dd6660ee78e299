import { addProvider } from "./add.js";
import { deleteProvider, type DeleteOptions, type DeleteResult } from "./delete.js";
import { countLinkedUsers, type Users } from "./linked-users.js";
import { type ListFilter, listProviders } from "./list.js";
import {
  activate,
  type ActivationOptions,
  type ActivationResult,
  type ActiveProviders,
  activeProviders,
  deactivate,
} from "./login-policy.js";
import { migrateProvider, type MigrationTarget } from "./migrate.js";
import type { IdentityProvider, ProviderPatch, ProviderSettings } from "./model/provider.js";
import { begin, type OperationOptions } from "./operation.js";
import { ownerApi, type Services } from "./owner.js";
import { ProviderError } from "./provider-error.js";
import { readVisible } from "./read.js";
import { updateProvider, type UpdateOptions, type UpdateResult } from "./update.js";
import { waitUntilVisible, type WaitOptions } from "./wait.js";

/** What `createProviders` takes. */
export interface ProvidersOptions {
  /**
   * Whose providers: `"org"` for those of the organization that the client is about (its `orgId`), `"instance"` for those that
   * belong to the instance and can be offered in each organization.
   */
  readonly owner: "org" | "instance";
}

/**
 * The providers of an organization or of the instance. Fails with a `ProviderError` where it refuses something itself, before
 * anything is sent, and otherwise with the `ZitadelError` of the call.
 */
export interface Providers {
  readonly owner: "org" | "instance";
  /**
   * The providers to which all of `filter` applies, each once, in no order. Pages are asked for as they are needed; whatever is
   * there from the beginning to the end is in it, though others write meanwhile. Lists trail writes by some milliseconds.
   */
  list(filter?: ListFilter, options?: OperationOptions): AsyncIterableIterator<IdentityProvider>;
  /** One provider, never stale; seen from an organization also one of the instance. `not_found` if there is none. */
  get(id: string, options?: OperationOptions): Promise<IdentityProvider>;
  /** The one provider with exactly this name that the owner owns. Names are not unique: several fail with reason `ambiguous`. */
  find(name: string, options?: OperationOptions): Promise<IdentityProvider | undefined>;
  /** Waits until lists show a provider, or a certain change of it; fails with reason `timeout`. */
  waitUntilVisible(id: string, options?: WaitOptions): Promise<IdentityProvider>;
  /** Adds a provider. If the answer is lost, it finds out what became of it. */
  add(settings: ProviderSettings, options?: OperationOptions): Promise<IdentityProvider>;
  /** Changes some fields, and nothing else: secrets and all that is not named stay. Sends nothing if nothing would change. */
  update(id: string, patch: ProviderPatch, options?: UpdateOptions): Promise<UpdateResult>;
  /** Turns an OIDC provider or legacy IDP into Entra ID (Azure AD) or Google, under the same id. There is no way back. */
  migrate(
    id: string,
    settings: MigrationTarget,
    options?: OperationOptions,
  ): Promise<IdentityProvider>;
  /** What the login page offers. */
  active(options?: OperationOptions): Promise<ActiveProviders>;
  /** Has the login page offer a provider: its own, or from an organization also one of the instance. Twice does no harm. */
  activate(id: string, options?: ActivationOptions): Promise<ActivationResult>;
  /** Has the login page not offer it any more. Twice does no harm. */
  deactivate(id: string, options?: ActivationOptions): Promise<ActivationResult>;
  /** How many of these users have an account at a provider, with one call for each user. */
  countLinkedUsers(id: string, users: Users, options?: OperationOptions): Promise<number>;
  /** Deletes a provider, if no users are linked to it. */
  delete(id: string, options?: DeleteOptions): Promise<DeleteResult>;
}

/**
 * Operations on the providers of an organization or of the instance, over any wire.
 *
 * @example
 * const providers = createProviders(zitadel, { owner: "org" });
 * const google = await providers.find("Google");
 * if (google) await providers.update(google.id, { options: { isAutoUpdate: true } });
 */
export function createProviders(client: Services, { owner }: ProvidersOptions): Providers {
  if (owner !== "org" && owner !== "instance") {
    throw new TypeError('option owner: must be "org" or "instance"');
  }
  const api = ownerApi(client, owner);
  const list: Providers["list"] = (filter = {}, options = {}) =>
    listProviders(api, filter, begin(options));
  return {
    owner,
    list,
    get: async (id, options) => await readVisible(api, id, begin(options)),
    async find(name, options) {
      const found: IdentityProvider[] = [];
      for await (const provider of list({ name }, options)) {
        found.push(provider);
      }
      if (found.length > 1) {
        const ids = found.map(({ id, type }) => `${id} (${type})`).join(", ");
        const message = `there are ${found.length}: ${ids}. Use the id`;
        const problems = [{ path: ["name"], message }];
        throw new ProviderError({ reason: "ambiguous", about: `the provider ${name}`, problems });
      }
      return found[0];
    },
    waitUntilVisible: async (id, options = {}) => await waitUntilVisible(api, id, options),
    add: async (settings, options) => await addProvider(api, settings, options),
    update: async (id, patch, options) => await updateProvider(api, id, patch, options),
    migrate: async (id, settings, options) => await migrateProvider(api, id, settings, options),
    active: async (options) => await activeProviders(api, options),
    activate: async (id, options) => await activate(api, id, options),
    deactivate: async (id, options) => await deactivate(api, id, options),
    countLinkedUsers: async (id, users, options) =>
      (await countLinkedUsers(client.management, id, users, begin(options))).linked,
    delete: async (id, options) => await deleteProvider(api, client.management, id, options),
  };
}
