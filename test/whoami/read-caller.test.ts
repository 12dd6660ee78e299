import { createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { AuthService } from "../../gen/zitadel/auth_pb.js";
import { readCaller } from "../../src/whoami/read-caller.js";

// The emulator's callers are service users with roles on organizations and the instance, so these messages are built here.
const user = {
  id: "5",
  preferredLoginName: "ada@acme.example",
  details: { resourceOwner: "8" },
};
const memberships = [
  { roles: ["ORG_OWNER"], displayName: "Acme", type: { case: "orgId", value: "8" } },
  { roles: ["PROJECT_OWNER"], displayName: "Shop", type: { case: "projectId", value: "21" } },
  { roles: ["PROJECT_GRANT_OWNER"], displayName: "Bank", type: { case: "projectGrantId", value: "22" } },
  { roles: ["IAM_OWNER"], displayName: "ZITADEL", type: { case: "iam", value: true } },
  { roles: ["NEW_ROLE"], displayName: "New", type: { case: undefined } },
] as const; // prettier-ignore

test.each(["human", "machine", undefined] as const)(
  "reads a user of the type %s, and roles of each kind",
  async (type) => {
    const transport = createRouterTransport(({ service }) => {
      service(AuthService, {
        getMyUser: () => ({
          user: { ...user, type: type === undefined ? { case: type } : { case: type, value: {} } },
        }),
        listMyMemberships: () => ({
          result: memberships.map((each) => ({ ...each, roles: [...each.roles] })),
        }),
      });
    });
    await using client = createIdpClient({ transport });
    const caller = await readCaller(client, undefined, {});
    expect(caller).toMatchObject({
      user: {
        status: "known",
        value: {
          id: "5",
          loginName: "ada@acme.example",
          type: type ?? "unknown",
          organization: { id: "8", name: "Acme" },
        },
      },
      roles: {
        status: "known",
        value: [
          { on: "organization", id: "8", name: "Acme", roles: ["ORG_OWNER"] },
          { on: "project", id: "21", name: "Shop", roles: ["PROJECT_OWNER"] },
          { on: "project", id: "22", name: "Bank", roles: ["PROJECT_GRANT_OWNER"] },
          { on: "instance", id: "", name: "ZITADEL", roles: ["IAM_OWNER"] },
          { on: "unknown", id: "", name: "New", roles: ["NEW_ROLE"] },
        ],
      },
      organization: { status: "failed" },
      instance: { status: "failed" },
    });
  },
);
