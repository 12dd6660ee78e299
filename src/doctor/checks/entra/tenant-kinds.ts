/** The tenants that stand for a kind of Microsoft accounts, with the accounts that may sign in. */
export const tenantKinds: Readonly<Record<string, string>> = {
  common: "accounts of every company and school, and personal Microsoft accounts",
  organizations: "accounts of every company and school",
  consumers: "personal Microsoft accounts",
};
