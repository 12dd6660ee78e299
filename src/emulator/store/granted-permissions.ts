/** Lists permissions of several objects, each with its actions. */
function listPermissionsOn(actions: Readonly<Record<string, string>>): string[] {
  return Object.entries(actions).flatMap(([object, names]) =>
    names.split(" ").map((name) => `${object}.${name}`),
  );
}

const organizationOwner = listPermissionsOn({
  org: "read global.read write delete",
  "org.member": "read write delete",
  "org.idp": "read write delete",
  "org.action": "read write delete",
  "org.flow": "read write delete",
  "org.feature": "read write delete",
  user: "read global.read write delete",
  "user.grant": "read write delete",
  "user.membership": "read",
  "user.credential": "write",
  "user.passkey": "write",
  "user.feature": "read write delete",
  policy: "read write delete",
  project: "read create write delete",
  "project.member": "read write delete",
  "project.role": "read write delete",
  "project.app": "read write",
  "project.grant": "read write delete",
  "project.grant.member": "read write delete",
  session: "read delete",
  group: "read create write delete",
  "group.user": "read write delete",
});

const organizationManager = [...organizationOwner, "org.create", "project.app.delete"];

const organizationViewer = listPermissionsOn({
  org: "read member.read idp.read action.read flow.read feature.read",
  user: "read global.read grant.read membership.read feature.read",
  policy: "read",
  project: "read member.read role.read app.read grant.read grant.member.read",
  group: "read user.read",
});

const userManager = listPermissionsOn({
  org: "read",
  user: "read global.read write delete",
  "user.grant": "read write delete",
  "user.membership": "read",
  "user.feature": "read write delete",
  project: "read role.read",
  session: "read delete",
});

/**
 * All permissions that each role grants by the server's default configuration. `ListMyZitadelPermissions` of a real server listed
 * those of ORG_OWNER, ORG_OWNER_VIEWER, ORG_SETTINGS_MANAGER, IAM_OWNER_VIEWER and IAM_ORG_MANAGER; the others are from its
 * `defaults.yaml`.
 */
export const grantedPermissions: Readonly<Record<string, readonly string[]>> = {
  IAM_OWNER: [
    ...listPermissionsOn({
      iam: "read write",
      "iam.policy": "read write delete",
      "iam.member": "read write delete",
      "iam.idp": "read write delete",
      "iam.action": "read write delete",
      "iam.flow": "read write delete",
      "iam.feature": "read write delete",
      "iam.restrictions": "read write",
      "iam.web_key": "read write delete",
      "iam.debug": "read write",
      events: "read",
      milestones: "read",
      session: "write",
      "action.target": "read write delete",
      "action.execution": "read write",
      userschema: "read write delete",
    }),
    ...organizationManager,
  ],
  IAM_OWNER_VIEWER: [
    ...listPermissionsOn({
      iam: "read policy.read member.read idp.read action.read flow.read feature.read",
      "iam.restrictions": "read",
      "iam.web_key": "read",
      "iam.debug": "read",
      events: "read",
      milestones: "read",
      session: "read",
      action: "target.read execution.read",
      userschema: "read",
    }),
    ...organizationViewer,
  ],
  IAM_ORG_MANAGER: organizationManager,
  IAM_USER_MANAGER: [
    ...userManager,
    ...listPermissionsOn({
      org: "global.read member.read member.delete",
      user: "passkey.write",
      project: "member.read app.read",
      "project.grant": "read write delete member.read",
    }),
  ],
  IAM_LOGIN_CLIENT: listPermissionsOn({
    iam: "read policy.read member.read member.write idp.read feature.read restrictions.read",
    org: "read member.read member.write idp.read feature.read",
    user: "read write grant.read grant.write membership.read credential.write passkey.write",
    "user.feature": "read",
    policy: "read",
    project: "read member.read member.write role.read app.read",
    "project.grant": "read member.read member.write",
    session: "read write link delete",
    userschema: "read",
  }),
  ORG_OWNER: organizationOwner,
  ORG_OWNER_VIEWER: [...organizationViewer, "project.grant.user.grant.read"],
  ORG_SETTINGS_MANAGER: listPermissionsOn({
    org: "read write member.read",
    "org.idp": "read write delete",
    "org.feature": "read write delete",
    policy: "read write delete",
  }),
  ORG_USER_MANAGER: [...userManager, "policy.read"],
};
