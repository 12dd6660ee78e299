import { findSettingsProblems } from "./model/checks/settings-problems.js";
import { toFieldValues } from "./model/field-specs.js";
import { normalizeFields } from "./model/normalize-fields.js";
import type { IdentityProvider, ProviderSettings } from "./model/provider.js";
import { toRequest } from "./model/to-request.js";
import { type OperationOptions, startOperation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { throwIfAny } from "./provider-error.js";
import { readOwnProvider } from "./read-provider.js";
import { runAfterWrite } from "./run-after-write.js";

const about = "a new provider";

/** Rejects settings that the server would reject. */
export function checkNewSettings(settings: ProviderSettings): void {
  throwIfAny("invalid", about, findSettingsProblems(toFieldValues(settings), "add"));
}

/**
 * Adds a provider. If the response is lost, searches for the provider that the call created, so that nothing is created twice.
 */
export async function addProvider(
  api: OwnerApi,
  settings: ProviderSettings,
  options: OperationOptions = {},
): Promise<IdentityProvider> {
  const operation = startOperation(options);
  checkNewSettings(settings);
  const { type, ...fields } = settings;
  const id = await api.add(
    type,
    toRequest(type, normalizeFields(type, fields)),
    operation.callOptions(),
  );
  return await runAfterWrite(
    {
      about,
      id,
      done: "the provider was added",
      next: `Do not add it again; call get(${JSON.stringify(id)}) to read it`,
    },
    async () => (await readOwnProvider(api, id, operation)).model,
  );
}
