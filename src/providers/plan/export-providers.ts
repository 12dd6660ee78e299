import type { DesiredProviders } from "./desired/desired-state.js";
import { type ExportOptions, exportOwner } from "./export-owner.js";
import type { Owner } from "./owner.js";
import { checkExportArguments } from "./plan-arguments.js";
import type { PlanClient } from "./plan-context.js";

/**
 * Exports the current providers of an owner as a desired state that `plan` reports as up to date. Leaves out secrets, which cannot be
 * read, fields with their default value, and legacy IDPs, which a desired state cannot describe. The operation
 * `list({ type: ["legacyOidc", "legacyJwt"] })` of `createProviders` lists the legacy IDPs.
 *
 * The export of an organization with a login policy of its own also has entries for the providers of the instance that the organization
 * offers, and for those that only the default policy offers. `createLoginPolicy` is set if another organization would need a login
 * policy of its own to become the same.
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
