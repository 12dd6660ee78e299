import { type Command, Option } from "commander";
import { createProviders } from "../../providers/index.js";
import type { CommandContext } from "../command-context.js";
import { compareOwners } from "../compare-owners.js";
import type { ConnectionConfig } from "../connection/connection-config.js";
import { protocols } from "../connection/connection-flags.js";
import { findConnection } from "../connection/find-connection.js";
import { findTargetConnection, type TargetFlags } from "../connection/find-target-connection.js";
import { withClient } from "../connection/with-client.js";
import { createCommand } from "../create-command.js";
import { exitStatus } from "../exit-status.js";
import { type ListedProvider, listWithActive } from "../list-with-active.js";
import { createOutput } from "../output.js";
import { formatDifference } from "../report/format-difference.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";

/** Creates `zitadel-idp diff`, which compares the providers of two owners, of the same or of two instances. */
export function createDiffCommand(context: CommandContext): Command {
  const command = createCommand(
    "diff",
    "Compare the providers of two organizations or instances. Matches them by type and name, and ignores ids and secrets. Exit status: 0 if they are the same, 2 if they differ, 1 on failure.",
    [
      "diff --profile staging --to-profile production",
      "diff --org 69629012906488334 --to-org 69629012906488777",
      "diff --to-url https://other.zitadel.cloud --to-token-file other.token --json",
    ],
  )
    .option("--to-profile <name>", "compare with the connection of this profile")
    .option("--to-url <url>", "compare with the ZITADEL instance at this URL")
    .option("--to-instance-host <host>", "host name of that instance, if --to-url has another one")
    .option("--to-token-file <file>", "file with a personal access token for --to-url")
    .option("--to-key-file <file>", "JSON key file of a service user for --to-url")
    .option("--to-client-id <id>", "login name of a service user for --to-url")
    .option("--to-client-secret-file <file>", "file with the client secret of that user")
    .addOption(
      new Option("--to-protocol <protocol>", "wire protocol for --to-url").choices(protocols),
    )
    .option("--to-org <id>", "compare with this organization")
    .option("--to-instance", "compare with the instance's own providers");
  return addSharedOptions(command, { hasOwner: true }).action(
    async (options: SharedOptions & TargetFlags) => {
      const output = createOutput(context, options);
      const from = findConnection(context, options);
      const to = findTargetConnection(context, from, options);
      const [fromProviders, toProviders] = await Promise.all([
        readOwnerProviders(context, from, options.instance),
        readOwnerProviders(context, to, options.toInstance),
      ]);
      const difference = compareOwners(fromProviders, toProviders);
      const { onlyFrom, onlyTo, different } = difference;
      const isSame = onlyFrom.length + onlyTo.length + different.length === 0;
      output.result({ isSame, ...difference }, () => formatDifference(difference));
      if (!isSame) {
        context.status = exitStatus.differs;
      }
    },
  );
}

async function readOwnerProviders(
  { signal }: CommandContext,
  connection: ConnectionConfig,
  isInstance: boolean | undefined,
): Promise<ListedProvider[]> {
  return await withClient(connection, async (client) => {
    const providers = createProviders(client, { owner: isInstance ? "instance" : "org" });
    return await listWithActive(providers, {}, signal);
  });
}
