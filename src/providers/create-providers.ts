import { activateProvider, deactivateProvider, readActiveProviders } from "./activate-provider.js";
import { countLinkedUsers } from "./count-linked-users.js";
import { deleteProvider } from "./delete-provider.js";
import { findByName } from "./find-by-name.js";
import type { ListFilter } from "./list-filter.js";
import { listProviders } from "./list-providers.js";
import type { IdentityProvider } from "./model/provider.js";
import {
  checkListArguments,
  checkOperationArguments,
  checkProvidersOptions,
} from "./operation-arguments.js";
import { type OperationOptions, startOperation } from "./operation.js";
import { createOwnerApi, type Services } from "./owner-api.js";
import type { Providers, ProvidersOptions } from "./providers.js";
import { readVisibleProvider } from "./read-provider.js";
import { waitUntilVisible } from "./wait-until-visible.js";

/**
 * Creates the operations on the providers of an organization or of the instance. They work over every wire protocol.
 *
 * @example
 * const providers = createProviders(zitadel, { owner: "org" });
 * const google = await providers.find("Google");
 * if (google) await providers.update(google.id, { options: { isAutoUpdate: true } });
 */
export function createProviders(client: Services, providersOptions: ProvidersOptions): Providers {
  checkProvidersOptions(client, providersOptions);
  const { owner } = providersOptions;
  const api = createOwnerApi(client, owner);
  async function* list(
    filter: ListFilter = {},
    options?: OperationOptions,
  ): AsyncGenerator<IdentityProvider, void, undefined> {
    checkListArguments(filter, options);
    yield* listProviders(api, filter, startOperation(options));
  }
  return {
    owner,
    list,
    async get(id, options) {
      checkOperationArguments("get", [id], options);
      return await readVisibleProvider(api, id, startOperation(options));
    },
    async find(name, options) {
      checkOperationArguments("find", [name], options);
      return await findByName(name, list({ name }, options));
    },
    async waitUntilVisible(id, options = {}) {
      checkOperationArguments("waitUntilVisible", [id], options);
      return await waitUntilVisible(api, id, options);
    },
    async add(settings, options) {
      checkOperationArguments("add", [settings], options);
      // Load operations that check settings on demand: a page that lists providers loads 14 KB (gzip) less.
      const { addAndActivate } = await import("./add-and-activate.js");
      return await addAndActivate(api, settings, options);
    },
    async update(id, patch, options) {
      checkOperationArguments("update", [id, patch], options);
      // As for add.
      const { updateProvider } = await import("./update-provider.js");
      return await updateProvider(api, id, patch, options);
    },
    async migrate(id, settings, options) {
      checkOperationArguments("migrate", [id, settings], options);
      // As for add.
      const { migrateProvider } = await import("./migrate-provider.js");
      return await migrateProvider(api, id, settings, options);
    },
    async active(options) {
      checkOperationArguments("active", [], options);
      return await readActiveProviders(api, options);
    },
    async activate(id, options) {
      checkOperationArguments("activate", [id], options);
      return await activateProvider(api, id, options);
    },
    async deactivate(id, options) {
      checkOperationArguments("deactivate", [id], options);
      return await deactivateProvider(api, id, options);
    },
    async countLinkedUsers(id, users, options) {
      checkOperationArguments("countLinkedUsers", [id, users], options);
      return (await countLinkedUsers(client, id, users, startOperation(options))).linked;
    },
    async delete(id, options) {
      checkOperationArguments("delete", [id], options);
      return await deleteProvider(api, client, id, options);
    },
  };
}
