import { expect, test } from "vitest";
import { permissions } from "../../gen/permissions.js";
import { grantedPermissions } from "../../src/emulator/store/granted-permissions.js";
import { listRolesThatGrant } from "../../src/hints/roles-that-grant.js";

const needed = [...new Set(Object.values(permissions))];

test.each(needed)("the hints of errors name the roles that grant %s", (permission) => {
  for (const level of ["IAM", "ORG"] as const) {
    const granting = Object.entries(grantedPermissions)
      .filter(([role, granted]) => role.startsWith(level) && granted.includes(permission))
      .map(([role]) => role);
    expect(listRolesThatGrant(permission, level).toSorted()).toEqual(granting.toSorted());
  }
});

test("no role grants a permission twice", () => {
  for (const granted of Object.values(grantedPermissions)) {
    expect(new Set(granted).size).toBe(granted.length);
  }
});
