import { runAfterWrite } from "./run-after-write.js";
import { findSettingsProblems } from "./model/checks/provider-settings.js";
import type { PlainFields } from "./model/convert-fields.js";
import { normalizeFields } from "./model/normalize-fields.js";
import type { IdentityProvider, ProviderSettings } from "./model/provider.js";
import { startOperation, type OperationOptions } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { readOwnProvider } from "./read-provider.js";
import { toRequest } from "./update-provider.js";
import { throwIfAny } from "./read-for-write.js";

const about = "a new provider";

/** Rejects settings that the server would reject. */
export function checkNewSettings(settings: ProviderSettings): void {
  throwIfAny("invalid", about, findSettingsProblems(settings as unknown as PlainFields, "add"));
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
  const id = await api.add(type, toRequest(type, normalizeFields(type, fields)), operation.call());
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
