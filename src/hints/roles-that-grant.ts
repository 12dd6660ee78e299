const org = {
  read: ["org.idp.read", "policy.read", "user.read"],
  idpWrite: ["org.idp.write", "org.idp.delete"],
  policyWrite: ["policy.write", "policy.delete"],
  userWrite: ["user.read", "user.write"],
};
const iam = {
  read: ["iam.idp.read", "iam.policy.read"],
  write: ["iam.idp.write", "iam.idp.delete", "iam.policy.write", "iam.policy.delete"],
};
const orgOwner = [...org.read, ...org.idpWrite, ...org.policyWrite, ...org.userWrite];

/**
 * The permissions that each role has by the server's default configuration, as far as this package's RPCs need them. Roles `IAM_*` are
 * granted on the instance and apply to every organization. Roles `ORG_*` apply to the organization in which they are granted.
 */
const rolePermissions: Readonly<Record<string, readonly string[]>> = {
  IAM_OWNER: [...iam.read, ...iam.write, ...orgOwner],
  IAM_OWNER_VIEWER: [...iam.read, ...org.read],
  IAM_ORG_MANAGER: orgOwner,
  IAM_LOGIN_CLIENT: [...iam.read, ...org.read, "user.write"],
  IAM_USER_MANAGER: org.userWrite,
  ORG_OWNER: orgOwner,
  ORG_OWNER_VIEWER: org.read,
  ORG_SETTINGS_MANAGER: ["org.idp.read", ...org.idpWrite, "policy.read", ...org.policyWrite],
  ORG_USER_MANAGER: [...org.userWrite, "policy.read"],
};

/** Returns the roles that grant a permission on the instance (`IAM`) or in an organization (`ORG`). */
export function listRolesThatGrant(permission: string, level: "IAM" | "ORG"): string[] {
  return Object.keys(rolePermissions).filter(
    (role) => role.startsWith(`${level}_`) && rolePermissions[role]?.includes(permission),
  );
}
