import type { SettingsByType } from "../../gen/providers.js";
import { isOutcomeUnknown } from "../policy/errors/zitadel-error.js";
import { findSettingsProblems } from "./model/checks/settings-problems.js";
import { toFieldValues } from "./model/field-specs.js";
import { normalizeFields } from "./model/normalize-fields.js";
import type { IdentityProvider } from "./model/provider.js";
import { toRequest } from "./model/to-request.js";
import { type OperationOptions, startOperation } from "./operation.js";
import type { OwnerApi } from "./owner-api.js";
import { ProviderError, throwIfAny } from "./provider-error.js";
import { readOwnProvider } from "./read-provider.js";
import { readToChange } from "./read-to-change.js";
import { runAfterWrite } from "./run-after-write.js";

/** The settings that a provider can be migrated to. */
export type MigrationTarget = SettingsByType["azureAd"] | SettingsByType["google"];

/**
 * Turns an OIDC provider, or a legacy IDP of OpenID Connect, into an Entra ID (Azure AD) or Google provider. The provider keeps its id
 * and therefore the accounts of its users. All other fields come from `settings`, including the secret. A migration cannot be undone.
 */
export async function migrateProvider(
  api: OwnerApi,
  id: string,
  settings: MigrationTarget,
  options: OperationOptions = {},
): Promise<IdentityProvider> {
  const operation = startOperation(options);
  const about = `migration of provider ${id}`;
  throwIfAny("invalid", about, findSettingsProblems(toFieldValues(settings), "add"));
  const { type, ...fields } = settings;
  if (type !== "azureAd" && type !== "google") {
    const message = "must be azureAd or google, the only types that ZITADEL can migrate to";
    throw new ProviderError({ reason: "invalid", about, problems: [{ path: ["type"], message }] });
  }
  const { model } = await readToChange(api, id, about, operation);
  if (model.type !== "oidc" && model.type !== "legacyOidc") {
    const message = `it is of type ${model.type}: only oidc and legacyOidc can be migrated`;
    throw new ProviderError({
      reason: "not_expressible",
      about,
      problems: [{ path: [], message }],
    });
  }
  try {
    await api.migrate(
      id,
      type,
      toRequest(type, normalizeFields(type, fields)),
      operation.callOptions(),
    );
  } catch (error) {
    // If the response is lost, the type of the provider shows whether the migration was done. If the read fails too, throw the
    // error of the lost call.
    const after = isOutcomeUnknown(error)
      ? await readOwnProvider(api, id, operation).catch(() => undefined)
      : undefined;
    if (after?.model.type !== type) {
      throw error;
    }
    return after.model;
  }
  return await runAfterWrite(
    { about, id, done: "the provider was migrated", next: "Read the provider to see the result" },
    async () => (await readOwnProvider(api, id, operation)).model,
  );
}
