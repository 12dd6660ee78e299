import { activateProvider, type ActivationOptions } from "./activate-provider.js";
import { addProvider, checkNewSettings } from "./add-provider.js";
import type { IdentityProvider, ProviderSettings } from "./model/provider.js";
import { startOperation } from "./operation.js";
import { checkPolicyChangeable } from "./own-login-policy.js";
import type { OwnerApi } from "./owner-api.js";
import { runAfterWrite } from "./run-after-write.js";

/** The options of `add`. */
export interface AddOptions extends ActivationOptions {
  /** Adds the provider to the login policy too, so that it is active (offered on the login page). Default: false. */
  readonly activate?: boolean | undefined;
}

/**
 * Adds a provider, and activates it if `activate` is true. Before the add, checks that the login policy can be changed, because an
 * organization without one of its own needs `createPolicy`. A failure after the add could lead the caller to add the provider twice.
 */
export async function addAndActivate(
  api: OwnerApi,
  settings: ProviderSettings,
  { activate = false, createPolicy, ...operationOptions }: AddOptions = {},
): Promise<IdentityProvider> {
  if (!activate) {
    return await addProvider(api, settings, operationOptions);
  }
  const operation = startOperation(operationOptions);
  checkNewSettings(settings);
  await checkPolicyChangeable({
    api,
    about: "activation of the new provider",
    operation,
    createPolicy,
  });
  const provider = await addProvider(api, settings, operation.callOptions());
  const { id } = provider;
  await runAfterWrite(
    {
      about: "a new provider",
      id,
      done: "the provider was added",
      next: `Do not add it again; call activate(${JSON.stringify(id)}) to activate it`,
    },
    async () => await activateProvider(api, id, { ...operation.callOptions(), createPolicy }),
  );
  return provider;
}
