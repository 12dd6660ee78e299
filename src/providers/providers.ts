import type { ActivationOptions, ActivationResult, ActiveProviders } from "./activate-provider.js";
import type { AddOptions } from "./add-and-activate.js";
import type { Users } from "./count-linked-users.js";
import type { DeleteOptions, DeleteResult } from "./delete-provider.js";
import type { ListFilter } from "./list-filter.js";
import type { MigrationTarget } from "./migrate-provider.js";
import type { IdentityProvider, ProviderPatch, ProviderSettings } from "./model/provider.js";
import type { OperationOptions } from "./operation.js";
import type { UpdateOptions, UpdateResult } from "./update-provider.js";
import type { WaitOptions } from "./wait-until-visible.js";

/** The options of `createProviders`. */
export interface ProvidersOptions {
  /**
   * The owner of the providers: `"org"` for the organization of the client (its `orgId`), or `"instance"` for the instance,
   * whose providers can be active in every organization.
   */
  readonly owner: "org" | "instance";
}

/**
 * The operations on the providers of an organization or of the instance.
 *
 * Each operation first checks its arguments, and throws a `ProviderError` with the reason `invalid` before anything is sent. Failed
 * calls throw a `ZitadelError`. Each error has an `outcome`, which is `not_done` only if certainly nothing was written.
 */
export interface Providers {
  readonly owner: "org" | "instance";
  /**
   * Lists the providers that match all of `filter`, each once, in no particular order. Fetches pages on demand. Returns every
   * provider that exists from the first page to the last, even while others write. Lists lag behind writes by some
   * milliseconds.
   *
   * @example
   * for await (const provider of providers.list({ type: "saml" })) console.log(provider.id, provider.name);
   */
  list(filter?: ListFilter, options?: OperationOptions): AsyncIterableIterator<IdentityProvider>;
  /**
   * Returns one provider, always current. For an organization, `get` also finds providers of the instance. Throws a
   * `ZitadelError` with the code `NotFound` if there is no such provider.
   *
   * @example
   * const provider = await providers.get("69629023906488334");
   */
  get(id: string, options?: OperationOptions): Promise<IdentityProvider>;
  /**
   * Returns the provider with exactly this name that the owner owns, or undefined. Names are not unique: throws a
   * `ProviderError` with the reason `ambiguous` if several providers have the name. Rejects a missing or empty name: use `get`
   * for a provider without a name.
   *
   * @example
   * const google = await providers.find("Google");
   */
  find(name: string, options?: OperationOptions): Promise<IdentityProvider | undefined>;
  /**
   * Waits until lists show a provider, or a given change of the provider. Throws a `ProviderError` with the reason `timeout`
   * if they do not show it before the timeout.
   *
   * @example
   * await providers.waitUntilVisible(provider.id, { sequence: provider.sequence });
   */
  waitUntilVisible(id: string, options?: WaitOptions): Promise<IdentityProvider>;
  /**
   * Adds a provider. If the response is lost, searches for the provider that the call created. With `activate`, also activates the
   * provider; the call then checks before the add that the login policy can be changed.
   *
   * @example
   * await providers.add({ type: "google", name: "Google", clientId, clientSecret }, { activate: true });
   */
  add(settings: ProviderSettings, options?: AddOptions): Promise<IdentityProvider>;
  /**
   * Changes the given fields of a provider and keeps all others, including secrets. Writes nothing if nothing would change.
   *
   * @example
   * const { changed } = await providers.update(id, { options: { isAutoUpdate: true } });
   */
  update(id: string, patch: ProviderPatch, options?: UpdateOptions): Promise<UpdateResult>;
  /**
   * Turns an OIDC provider or legacy IDP into Entra ID (Azure AD) or Google, under the same id. A migration cannot be undone.
   *
   * @example
   * await providers.migrate(id, { type: "google", name: "Google", clientId, clientSecret });
   */
  migrate(
    id: string,
    settings: MigrationTarget,
    options?: OperationOptions,
  ): Promise<IdentityProvider>;
  /**
   * Returns the ids of the active providers, which the login page offers.
   *
   * @example
   * const { ids, isInherited } = await providers.active();
   */
  active(options?: OperationOptions): Promise<ActiveProviders>;
  /**
   * Activates a provider: the login page then offers it. An organization can also activate a provider of the instance.
   * Activating an active provider changes nothing.
   *
   * @example
   * const { warnings } = await providers.activate(id, { createPolicy: true });
   */
  activate(id: string, options?: ActivationOptions): Promise<ActivationResult>;
  /**
   * Deactivates a provider: the login page no longer offers it. Deactivating an inactive provider changes nothing.
   *
   * @example
   * const { changed } = await providers.deactivate(id);
   */
  deactivate(id: string, options?: ActivationOptions): Promise<ActivationResult>;
  /**
   * Counts the given users who have an account at a provider. Makes one call for each user, and a second one for each user without any
   * account. Throws a `ProviderError` with the reason `linked_users` if one of the ids belongs to no user.
   *
   * @example
   * const linked = await providers.countLinkedUsers(id, ["165460784409737834", "165460784409737835"]);
   */
  countLinkedUsers(id: string, users: Users, options?: OperationOptions): Promise<number>;
  /**
   * Deletes a provider to which none of `users` are linked, and the legacy IDP that it was before a migration. Rejects legacy IDPs, which
   * a plan can remove, and for an organization the providers of the instance.
   *
   * @example
   * await providers.delete(id, { users: ["165460784409737834", "165460784409737835"] });
   */
  delete(id: string, options?: DeleteOptions): Promise<DeleteResult>;
}
