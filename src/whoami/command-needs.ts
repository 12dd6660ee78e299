import { permissions } from "../../gen/permissions.js";

/** The permissions that a command needs on the providers of one owner. */
export interface CommandNeeds {
  readonly command: string;
  readonly needs: readonly string[];
  /** The permissions that only an option of the command needs. */
  readonly forOptions: readonly OptionNeeds[];
}

/** The permissions that an option of a command needs in addition. */
interface OptionNeeds {
  readonly option: string;
  readonly needs: readonly string[];
}

type Access = "readProviders" | "writeProviders" | "readPolicy" | "writePolicy" | "readUsers";

/** An RPC of each kind of access. All RPCs of a kind need the same permission. */
const accessRpcs: Readonly<Record<Access, string>> = {
  readProviders: "ListProviders",
  writeProviders: "DeleteProvider",
  readPolicy: "GetLoginPolicy",
  writePolicy: "AddIDPToLoginPolicy",
  readUsers: "ListHumanLinkedIDPs",
};

const reads: readonly Access[] = ["readProviders", "readPolicy"];
const writes: readonly Access[] = ["readProviders", "writeProviders"];
const activates: readonly Access[] = [...reads, "writePolicy"];

/** The kinds of access of each command. A test runs the commands and compares the RPCs that they call. */
const commandAccess: Readonly<Record<string, readonly Access[]>> = {
  list: reads,
  get: reads,
  add: writes,
  update: writes,
  activate: activates,
  deactivate: activates,
  delete: [...writes, "readPolicy"],
  migrate: writes,
  export: reads,
  plan: reads,
  apply: [...writes, "readPolicy", "writePolicy"],
  diff: reads,
  doctor: reads,
  expiry: ["readProviders"],
};

/** The kinds of access that only an option of a command needs. */
const optionAccess: Readonly<Record<string, readonly [option: string, access: readonly Access[]]>> =
  {
    add: ["--activate", ["readPolicy", "writePolicy"]],
    delete: ["--users", ["readUsers"]],
  };

/** The commands that must work for `whoami` to report readiness. */
export const requiredCommands: readonly string[] = ["plan", "apply"];

/** Returns the permissions that each command needs for the providers of the instance, or of an organization. */
export function listCommandNeeds(owner: "org" | "instance"): CommandNeeds[] {
  const toPermissions = (list: readonly Access[]): string[] =>
    list.map((access) => findPermission(access, owner));
  return Object.entries(commandAccess).map(([command, list]) => {
    const [option, more = []] = optionAccess[command] ?? [];
    return {
      command,
      needs: toPermissions(list),
      forOptions: option === undefined ? [] : [{ option, needs: toPermissions(more) }],
    };
  });
}

function findPermission(access: Access, owner: "org" | "instance"): string {
  // Users always belong to an organization, even those of the instance's providers.
  const service =
    owner === "instance" && access !== "readUsers"
      ? "zitadel.admin.v1.AdminService"
      : "zitadel.management.v1.ManagementService";
  return permissions[`${service}/${accessRpcs[access]}`] ?? "";
}
