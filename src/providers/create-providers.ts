import { addAndActivate, type AddOptions } from "./add-and-activate.js";
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
import { checkArguments, checkListArguments, checkOwnerOptions } from "./operation-arguments.js";
import { ownerApi, type Services } from "./owner.js";
import { ProviderError } from "./provider-error.js";
import { readVisible } from "./read.js";
import { updateProvider, type UpdateOptions, type UpdateResult } from "./update.js";
import { waitUntilVisible, type WaitOptions } from "./wait.js";

/** The options of `createProviders`. */
export interface ProvidersOptions {
  /**
   * Whose providers: `"org"` for those of the organization that the client is about (its `orgId`), `"instance"` for those that
   * belong to the instance and can be offered in each organization.
   */
  readonly owner: "org" | "instance";
}

/**
 * The providers of an organization or of the instance. Each operation checks its arguments first, names and types among them, and
 * fails with a `ProviderError` of reason `invalid`, before anything is sent. Errors of calls are `ZitadelError`s. Each error has an
 * `outcome`: `not_done` if certainly nothing was written.
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
  /**
   * The one provider with exactly this name that the owner owns. Names are not unique: several fail with reason `ambiguous`. A
   * name that is missing or empty is rejected: use `get` for a provider without a name.
   */
  find(name: string, options?: OperationOptions): Promise<IdentityProvider | undefined>;
  /** Waits until lists show a provider, or a certain change of it; fails with reason `timeout`. */
  waitUntilVisible(id: string, options?: WaitOptions): Promise<IdentityProvider>;
  /**
   * Adds a provider. If the answer is lost, it finds out what became of it. With `activate`, the login page offers the provider too;
   * it checks first that it may, so that it does not add a provider and fail then.
   */
  add(settings: ProviderSettings, options?: AddOptions): Promise<IdentityProvider>;
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
export function createProviders(client: Services, whose: ProvidersOptions): Providers {
  checkOwnerOptions(client, whose);
  const { owner } = whose;
  const api = ownerApi(client, owner);
  async function* list(
    filter: ListFilter = {},
    limits?: OperationOptions,
  ): AsyncGenerator<IdentityProvider, void, undefined> {
    checkListArguments(filter, limits);
    yield* listProviders(api, filter, begin(limits));
  }
  return {
    owner,
    list,
    async get(id, options) {
      checkArguments("get", [id], options);
      return await readVisible(api, id, begin(options));
    },
    async find(name, options) {
      checkArguments("find", [name], options);
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
    async waitUntilVisible(id, options = {}) {
      checkArguments("waitUntilVisible", [id], options);
      return await waitUntilVisible(api, id, options);
    },
    async add(settings, options) {
      checkArguments("add", [settings], options);
      return await addAndActivate(api, settings, options);
    },
    async update(id, patch, options) {
      checkArguments("update", [id, patch], options);
      return await updateProvider(api, id, patch, options);
    },
    async migrate(id, settings, options) {
      checkArguments("migrate", [id, settings], options);
      return await migrateProvider(api, id, settings, options);
    },
    async active(options) {
      checkArguments("active", [], options);
      return await activeProviders(api, options);
    },
    async activate(id, options) {
      checkArguments("activate", [id], options);
      return await activate(api, id, options);
    },
    async deactivate(id, options) {
      checkArguments("deactivate", [id], options);
      return await deactivate(api, id, options);
    },
    async countLinkedUsers(id, users, options) {
      checkArguments("countLinkedUsers", [id, users], options);
      return (await countLinkedUsers(client.management, id, users, begin(options))).linked;
    },
    async delete(id, options) {
      checkArguments("delete", [id], options);
      return await deleteProvider(api, client.management, id, options);
    },
  };
}
