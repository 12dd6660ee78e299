import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { tenantKinds } from "./tenant-kinds.js";

/**
 * Checks which users an Entra provider lets in, and if their email addresses can be trusted. ZITADEL reads the address from `mail` of
 * Microsoft Graph, or else from the user principal name. Entra does not verify `mail`: an administrator of any tenant can set any address.
 */
export async function checkTenantTrust(
  provider: CheckedProvider,
  { report }: CheckContext,
): Promise<void> {
  const { tenant, emailVerified } = provider.fields;
  const name = String(tenant ?? "") || "common";
  const accounts = tenantKinds[name];
  if (accounts !== undefined) {
    report({
      severity: "note",
      check: "entra/any-tenant",
      field: "tenant",
      message: `these accounts may sign in with the tenant ${name}: ${accounts}`,
      fix: "nothing to do if this is intended; otherwise set tenant to the id of your directory",
    });
  }
  if (emailVerified !== true) {
    return;
  }
  const isOpen = name === "common" || name === "organizations";
  report({
    severity: isOpen ? "risk" : "note",
    check: "entra/unverified-email",
    field: "emailVerified",
    message: isOpen
      ? `emailVerified is on for the tenant ${name}: anyone can create a tenant with the address of another person. ZITADEL treats that address as verified, so the attacker can take over the account with this address`
      : "emailVerified is on: ZITADEL treats each address of this tenant as verified, although Entra verifies none. Anyone who may edit users there can take over accounts with the same address",
    fix: isOpen
      ? `set tenant to the id of your directory, or switch it off: ${describeUpdate(provider, "emailVerified", false)}`
      : "nothing to do if you trust the administrators of the tenant",
  });
}
