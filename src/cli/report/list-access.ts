import type { CommandNeeds } from "../../whoami/command-needs.js";

/** A command or an option with the permissions that it needs. */
interface AccessRow {
  /** The command, with the option that needs more permissions, e.g. `add --activate`. */
  readonly command: string;
  readonly needs: readonly string[];
  /** The permissions that the user lacks. */
  readonly missing: readonly string[];
}

/** Compares the permissions that each command needs with those of the user. */
export function listAccess(
  commands: readonly CommandNeeds[],
  permissions: readonly string[],
): AccessRow[] {
  return commands.flatMap(({ command, needs, forOptions }) =>
    [
      { command, needs },
      ...forOptions.map(({ option, needs: more }) => ({
        command: `${command} ${option}`,
        needs: [...needs, ...more],
      })),
    ].map((row) => ({ ...row, missing: row.needs.filter((each) => !permissions.includes(each)) })),
  );
}
