import type { Command } from "commander";
import type { Token } from "../../auth/token-supplier.js";
import type { CommandContext } from "../command-context.js";
import { protocols } from "../connection/connection-flags.js";
import { createClientOptions } from "../connection/create-client-options.js";
import { findConnection } from "../connection/find-connection.js";
import { toSettingError } from "../connection/to-setting-error.js";
import { createCommand } from "../create-command.js";
import { exitStatus } from "../exit-status.js";
import { createOutput } from "../output.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";

/** Creates `zitadel-idp whoami`, which shows the calling user, its rights, and the state of the connection. */
export function createWhoamiCommand(context: CommandContext): Command {
  const command = createCommand(
    "whoami",
    "Show who you are in ZITADEL, and if plan and apply will work: instance, organization, user, roles, token, wire protocols, clock, and the permissions of each command. Changes nothing. Exit status: 0 if nothing is missing for plan and apply, 1 otherwise.",
    ["whoami", "whoami --profile production --instance", "whoami --json | jq .missing"],
  );
  return addSharedOptions(command, { hasOwner: true }).action(async (options: SharedOptions) => {
    const output = createOutput(context, options);
    const connection = findConnection(context, options);
    const owner = options.instance ? "instance" : "org";
    // Load these files on demand, because all other commands start faster without the descriptors of these RPCs.
    const [{ whoami }, { formatWhoami }, { toWhoamiJson }] = await Promise.all([
      import("../../whoami/whoami.js"),
      import("../report/format-whoami.js"),
      import("../report/to-whoami-json.js"),
    ]);
    let token: Token | undefined;
    const report = await createClientOptions(connection, (each) => (token = each))
      .then(async (client) => {
        const { signal } = context;
        return await whoami({ client, owner, protocols, readToken: () => token, signal });
      })
      .catch((error: unknown) => {
        throw toSettingError(error, connection);
      });
    const result = { connection, owner, report } as const;
    output.result(toWhoamiJson(result), () => formatWhoami(result));
    if (report.missing.length > 0) {
      context.status = exitStatus.failed;
    }
  });
}
