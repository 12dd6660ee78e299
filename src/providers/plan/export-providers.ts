import type { DesiredProviders } from "./desired/desired-state.js";
import { type ExportOptions, exportOwner } from "./export-owner.js";
import type { Owner } from "./owner.js";
import { checkExportArguments } from "./plan-arguments.js";
import type { PlanClient } from "./plan-context.js";

/**
 * Exports the current providers of an owner as a desired state that `plan` reports as up to date. Leaves out secrets, which
 * cannot be read, fields with their default value, and legacy IDPs, which a desired state cannot describe:
 * `list({ type: ["legacyOidc", "legacyJwt"] })` of `createProviders` lists those.
 *
 * The export of an organization with a login policy of its own also names the providers of the instance that the organization
 * offers, and those that it does not offer although the default policy does. `createLoginPolicy` is set if an organization
 * without a login policy needs one to become the same.
 *
 * @example
 * const organization = await exportProviders(zitadel, { owner: "org" });
 * const { owners } = await plan(zitadel, { organization });
 */
export async function exportProviders(
  client: PlanClient,
  owner: Owner,
  options: ExportOptions = {},
): Promise<DesiredProviders> {
  checkExportArguments(client, owner, options);
  return (await exportOwner(client, owner, options)).desired;
}
