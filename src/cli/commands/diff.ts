import { type Command, Option } from "commander";
import { createProviders } from "../../providers/index.js";
import type { CommandContext } from "../command-context.js";
import { compareOwners, type OfferedProvider } from "../compare-owners.js";
import type { ConnectionConfig } from "../connection/connection-config.js";
import { protocols } from "../connection/connection-flags.js";
import { findConnection } from "../connection/find-connection.js";
import { findTargetConnection, type TargetFlags } from "../connection/find-target-connection.js";
import { withClient } from "../with-client.js";
import { createCommand } from "../create-command.js";
import { exitStatus } from "../exit-status.js";
import { listWithActive } from "../list-with-active.js";
import { createOutput } from "../output.js";
import { formatDifference } from "../report/format-difference.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";

/** Creates `zitadel-idp diff`, which compares the providers of two owners, of the same or of two instances. */
export function createDiffCommand(context: CommandContext): Command {
  const command = createCommand(
    "diff",
    "Compare the providers of two organizations or instances. Matches them by type and name, and ignores ids and secrets. For two organizations, also compares the providers of the instance that each of them offers. Exit status: 0 if they are the same, 2 if they differ, 1 on failure.",
    [
      "diff --profile staging --to-profile production",
      "diff --org 69629012906488334 --to-org 69629012906488777",
      "diff --to-url https://other.zitadel.cloud --to-token-file other.token --json",
    ],
  )
    .option("--to-profile <name>", "compare with the connection of this profile")
    .option("--to-url <url>", "compare with the ZITADEL instance at this URL")
    .option(
      "--to-instance-host <host>",
      "host name of that instance, if it differs from the host of --to-url",
    )
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
      const { instance: isFromInstance = false, toInstance: isToInstance = false } = options;
      const withOffers = !isFromInstance && !isToInstance;
      const [fromProviders, toProviders] = await Promise.all([
        readOwnerProviders(context, from, { isInstance: isFromInstance, withOffers }),
        readOwnerProviders(context, to, { isInstance: isToInstance, withOffers }),
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

/** The providers to read. */
interface OwnerSelection {
  readonly isInstance: boolean;
  /** True to read the providers of the instance that an organization offers too. */
  readonly withOffers: boolean;
}

async function readOwnerProviders(
  { signal }: CommandContext,
  connection: ConnectionConfig,
  { isInstance, withOffers }: OwnerSelection,
): Promise<OfferedProvider[]> {
  return await withClient(connection, async (client) => {
    const providers = createProviders(client, { owner: isInstance ? "instance" : "org" });
    const own = await listWithActive(providers, {}, signal);
    if (!withOffers) {
      return own;
    }
    const visible = await listWithActive(providers, { owner: "instance" }, signal);
    const offered = visible.filter(({ active }) => active);
    return [...own, ...offered.map((each) => ({ ...each, instance: true as const }))];
  });
}
