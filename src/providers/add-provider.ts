import { afterWrite } from "./run-after-write.js";
import { settingsProblems } from "./model/checks/provider-settings.js";
import type { Plain } from "./model/convert-fields.js";
import { normalFields } from "./model/normalize-fields.js";
import type { IdentityProvider, ProviderSettings } from "./model/provider.js";
import { begin, type OperationOptions } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { readOwn } from "./read-provider.js";
import { sent } from "./update-provider.js";
import { refuse } from "./read-for-write.js";

const about = "a new provider";

/** Rejects settings that the server would reject. */
export function checkNewSettings(settings: ProviderSettings): void {
  refuse("invalid", about, settingsProblems(settings as unknown as Plain, "add"));
}

/**
 * Adds a provider. If the response is lost, searches for the provider that the call created, so that nothing is created twice.
 */
export async function addProvider(
  api: OwnerApi,
  settings: ProviderSettings,
  options: OperationOptions = {},
): Promise<IdentityProvider> {
  const operation = begin(options);
  checkNewSettings(settings);
  const { type, ...fields } = settings;
  const id = await api.add(type, sent(type, normalFields(type, fields)), operation.call());
  return await afterWrite(
    {
      about,
      id,
      done: "the provider was added",
      next: `Do not add it again; call get(${JSON.stringify(id)}) to read it`,
    },
    async () => (await readOwn(api, id, operation)).model,
  );
}
