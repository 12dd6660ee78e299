import type { SettingsByType } from "../../gen/providers.js";
import { isOutcomeUnknown } from "../policy/zitadel-error.js";
import { afterWrite } from "./after-write.js";
import { settingsProblems } from "./model/check.js";
import type { Plain } from "./model/fields.js";
import { normalFields } from "./model/normal.js";
import type { IdentityProvider } from "./model/provider.js";
import { begin, type OperationOptions } from "./operation.js";
import type { OwnerApi } from "./owner.js";
import { readOwn } from "./read.js";
import { sent } from "./update.js";
import { refuse } from "./writable.js";

/** What a provider can become. */
export type MigrationTarget = SettingsByType["azureAd"] | SettingsByType["google"];

/**
 * Turns an OIDC provider, or a legacy IDP of OpenID Connect, into one of Entra ID (Azure AD) or Google. It keeps its id and with that
 * the accounts that users have there; everything else comes from `settings`, the secret too. There is no way back.
 */
export async function migrateProvider(
  api: OwnerApi,
  id: string,
  settings: MigrationTarget,
  options: OperationOptions = {},
): Promise<IdentityProvider> {
  const operation = begin(options);
  const about = `migration of provider ${id}`;
  refuse("invalid", about, settingsProblems(settings as unknown as Plain, "add"));
  const { type, ...fields } = settings;
  if (type !== "azureAd" && type !== "google") {
    const message = "must be azureAd or google: ZITADEL migrates to nothing else";
    refuse("invalid", about, [{ path: ["type"], message }]);
  }
  const { model } = await readOwn(api, id, operation);
  if (model.type !== "oidc" && model.type !== "legacyOidc") {
    const message = `it is of type ${model.type}: only oidc and legacyOidc can be migrated`;
    refuse("not_expressible", about, [{ path: [], message }]);
  }
  try {
    await api.migrate(id, type, sent(type, normalFields(type, fields)), operation.call());
  } catch (error) {
    // If the answer is lost, the type tells what became of it. If that read fails too, the lost call is what to report.
    const read = isOutcomeUnknown(error)
      ? await readOwn(api, id, operation).catch(() => undefined)
      : undefined;
    if (read?.model.type !== type) {
      throw error;
    }
    return read.model;
  }
  return await afterWrite(
    { about, id, done: "the provider was migrated", next: "Read the provider to see it" },
    async () => (await readOwn(api, id, operation)).model,
  );
}
