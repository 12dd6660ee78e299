import { settingsProblems } from "./model/check.js";
import type { Plain } from "./model/fields.js";
import { normalFields } from "./model/normal.js";
import type { IdentityProvider, ProviderSettings } from "./model/provider.js";
import { begin, type OperationOptions } from "./operation.js";
import type { OwnerApi } from "./owner.js";
import { readOwn } from "./read.js";
import { sent } from "./update.js";
import { refuse } from "./writable.js";

/** Adds a provider. If the answer is lost, it finds out what became of it, so that nothing is made twice. */
export async function addProvider(
  api: OwnerApi,
  settings: ProviderSettings,
  options: OperationOptions = {},
): Promise<IdentityProvider> {
  const operation = begin(options);
  refuse("invalid", "a new provider", settingsProblems(settings as unknown as Plain, "add"));
  const { type, ...fields } = settings;
  const id = await api.add(type, sent(type, normalFields(type, fields)), operation.call());
  return (await readOwn(api, id, operation)).model;
}
