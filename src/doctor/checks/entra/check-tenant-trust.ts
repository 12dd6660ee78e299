import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { tenantKinds } from "./tenant-kinds.js";

/**
 * Checks the users that an Entra provider lets in, and the trust in their addresses. ZITADEL takes the address from `mail` of Microsoft
 * Graph, or else the user principal name. Entra verifies no `mail`: each administrator of a tenant can write any address there.
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
      fix: "nothing to do if that is meant; otherwise set tenant to the id of your directory",
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
      ? `emailVerified is on for the tenant ${name}: anybody can create a tenant, write the address of another person into it, and ZITADEL treats that address as verified, so that this account can take over one with the same address`
      : "emailVerified is on: ZITADEL treats each address of this tenant as verified, although Entra verifies none; whoever may edit users there can take over accounts with the same address",
    fix: isOpen
      ? `set tenant to the id of your directory, or switch it off: ${describeUpdate(provider, "emailVerified", false)}`
      : "nothing to do if you trust the administrators of the tenant",
  });
}
