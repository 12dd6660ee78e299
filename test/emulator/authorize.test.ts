import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { methods } from "../../src/emulator/methods.js";
import { callRaw, formatOutcome, wireNames } from "../support/wires.js";

const org = "100000000000000001";
const org2 = "100000000000000002";
const service = {
  management: "zitadel.management.v1.ManagementService",
  admin: "zitadel.admin.v1.AdminService",
};

const users: Record<
  string,
  { organization?: string; instanceRoles?: string[]; organizationRoles?: Record<string, string[]> }
> = {
  no_membership: {},
  org_owner: { organizationRoles: { org: ["ORG_OWNER"] } },
  org_viewer: { organizationRoles: { org: ["ORG_OWNER_VIEWER"] } },
  org_settings_manager: { organizationRoles: { org: ["ORG_SETTINGS_MANAGER"] } },
  org_user_manager: { organizationRoles: { org: ["ORG_USER_MANAGER"] } },
  two_org_owner: { organizationRoles: { org: ["ORG_OWNER"], org2: ["ORG_OWNER"] } },
  other_org_owner: { organization: "org2", organizationRoles: { org2: ["ORG_OWNER"] } },
  iam_owner: { instanceRoles: ["IAM_OWNER"] },
  iam_viewer: { instanceRoles: ["IAM_OWNER_VIEWER"] },
  iam_org_manager: { instanceRoles: ["IAM_ORG_MANAGER"] },
  iam_user_manager: { instanceRoles: ["IAM_USER_MANAGER"] },
};

const ok = "ok";
const noMembership = "5 membership not found (AUTHZ-cdgFk)";
const noPermission = "7 No matching permissions found (AUTH-5mWD2)";
const noOrganization = "7 Organisation doesn't exist (AUTH-Bs7Ds)";
const headerMissing = "16 auth header missing";
const headerInvalid = "16 invalid auth header (AUTH-toLo1)";
const tokenInvalid = "16 Errors.Token.Invalid (AUTH-7fs1e)";
/** The outcome of a call that has permission, but whose request is invalid. */
const validated =
  "3 invalid AddGenericOIDCProviderRequest.Name: value length must be between 1 and 200 runes, inclusive";

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [
        { id: org, name: "org" },
        { id: org2, name: "org2" },
      ],
      serviceUsers: Object.entries(users).map(([name, user]) => ({
        name,
        organization: "org",
        token: name,
        ...user,
      })),
    },
  });
  listener = await emulator.listen();
});
afterAll(() => emulator.close());

describe.each(wireNames)("over %s", (wire) => {
  async function readError(
    rpc: string,
    headers: Record<string, string | string[]>,
  ): Promise<string> {
    const [kind = "", name = ""] = rpc.split("/");
    const method = methods.get(service[kind as keyof typeof service])?.get(name);
    if (method === undefined) {
      throw new Error(`no RPC ${rpc}`);
    }
    const outcome = await callRaw(wire, listener.port, method, {}, headers);
    return formatOutcome(outcome);
  }

  // HTTP/1.1 strips the blank. Over HTTP/2 the real server gets the blank and returns AUTH-7fs1e; Node.js drops the whole header.
  const onlyScheme = wire === "grpc" ? headerMissing : headerInvalid;

  test.each([
    ["no header", undefined, headerMissing],
    ["an empty header", "", headerMissing],
    ["the scheme alone", "Bearer", headerInvalid],
    ["the scheme and a blank", "Bearer ", onlyScheme],
    ["the scheme in lower case", "bearer iam_owner", headerInvalid],
    ["a token without a scheme", "iam_owner", headerInvalid],
    ["another scheme", "Basic dXNlcjpwYXNz", headerInvalid],
    ["the scheme twice", "Bearer Bearer iam_owner", headerInvalid],
    ["two blanks", "Bearer  iam_owner", ok],
    ["text before the scheme", "x Bearer iam_owner", ok],
    ["text after the token", "Bearer iam_owner x", tokenInvalid],
    ["an unknown token", "Bearer nobody", tokenInvalid],
  ])("authorization: %s", async (_, header, expected) => {
    const headers = header === undefined ? {} : { authorization: header };
    expect(await readError("management/ListProviders", headers)).toBe(expected);
    expect(await readError("admin/ListProviders", headers)).toBe(expected);
  });

  test.each([
    ["no_membership", [noMembership, noMembership, noMembership, noMembership]],
    ["org_owner", [ok, validated, noPermission, noPermission]],
    ["org_viewer", [ok, noPermission, noPermission, noPermission]],
    ["org_settings_manager", [ok, validated, noPermission, noPermission]],
    ["org_user_manager", [noPermission, noPermission, noPermission, noPermission]],
    ["iam_owner", [ok, validated, ok, validated]],
    ["iam_viewer", [ok, noPermission, ok, noPermission]],
    ["iam_org_manager", [ok, validated, noPermission, noPermission]],
    ["iam_user_manager", [noPermission, noPermission, noPermission, noPermission]],
  ])("%s has the permissions of its role", async (user, expected) => {
    const headers = { authorization: `Bearer ${user}` };
    const rpcs = [
      "management/ListProviders",
      "management/AddGenericOIDCProvider",
      "admin/ListProviders",
      "admin/AddGenericOIDCProvider",
    ];
    expect(await Promise.all(rpcs.map((rpc) => readError(rpc, headers)))).toEqual(expected);
  });

  test.each([
    ["the user's organization by default", "other_org_owner", undefined, ok],
    ["another organization with a role there", "two_org_owner", org2, ok],
    ["another organization without a role there", "org_owner", org2, noMembership],
    ["any organization for a role on the instance", "iam_owner", org2, ok],
    ["an unknown organization", "iam_owner", "999", noOrganization],
    ["an unknown organization, without any role", "no_membership", "999", noOrganization],
    ["an empty header counts as no header", "org_owner", "", ok],
    ["the first of two counts", "org_owner", [org, "999"], ok],
    ["the first of two counts, even if it is unknown", "org_owner", ["999", org], noOrganization],
  ])("x-zitadel-orgid: %s", async (_, user, orgId, expected) => {
    const headers = {
      authorization: `Bearer ${user}`,
      ...(orgId !== undefined && { "x-zitadel-orgid": orgId }),
    };
    expect(await readError("management/ListProviders", headers)).toBe(expected);
  });

  test("an unknown organization fails calls of the AdminService too", async () => {
    const headers = { authorization: "Bearer iam_owner", "x-zitadel-orgid": "999" };
    expect(await readError("admin/ListProviders", headers)).toBe(noOrganization);
  });

  test("an unknown host name is reported before any other error", async () => {
    expect(await readError("management/ListProviders", { host: "other.test" })).toMatch(
      /^5 unable to set instance using origin &\{other\.test {2}http\} \(ExternalDomain is localhost\)/,
    );
  });
});
