/** The tenants that mean a kind of Microsoft accounts, with these accounts. */
export const tenantKinds: Readonly<Record<string, string>> = {
  common: "accounts of every company and school, and personal Microsoft accounts",
  organizations: "accounts of every company and school",
  consumers: "personal Microsoft accounts",
};
