import { type Command, Option } from "commander";
import type { Protocol } from "../../index.js";
import { createProviders } from "../../providers/index.js";
import { describeProvider } from "../../providers/plan/labels.js";
import { printable } from "../../utils/printable.js";
import { compareOwners, type Difference, readOwner } from "../compare-owners.js";
import { protocols } from "../connection-options.js";
import { flagSource, profileSource } from "../connection-source.js";
import { type Connection, findConnection, merge, withClient } from "../connection.js";
import { type Context, status } from "../context.js";
import { UsageError } from "../failure.js";
import { operatorCommand, type OperatorOptions, withSharedOptions } from "../operator-command.js";
import { createOutput } from "../output.js";
import { profilesFile, readProfile } from "../profiles.js";

interface Options extends OperatorOptions {
  readonly toProfile?: string;
  readonly toUrl?: string;
  readonly toTokenFile?: string;
  readonly toKeyFile?: string;
  readonly toClientId?: string;
  readonly toClientSecretFile?: string;
  readonly toProtocol?: Protocol;
  readonly toOrg?: string;
  readonly toInstance?: boolean;
}

/** Creates `zitadel-idp diff`, which compares the providers of two owners, of the same or of two instances. */
export function diffCommand(context: Context): Command {
  const command = operatorCommand(
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
    .option("--to-token-file <file>", "file with a personal access token for --to-url")
    .option("--to-key-file <file>", "JSON key file of a service user for --to-url")
    .option("--to-client-id <id>", "login name of a service user for --to-url")
    .option("--to-client-secret-file <file>", "file with the client secret of that user")
    .addOption(
      new Option("--to-protocol <protocol>", "wire protocol for --to-url").choices(protocols),
    )
    .option("--to-org <id>", "compare with this organization")
    .option("--to-instance", "compare with the instance's own providers");
  return withSharedOptions(command, { owner: true }).action(async (options: Options) => {
    const output = createOutput(context, options);
    const from = findConnection(context, options);
    const to = target(context, from, options);
    const read = async (connection: Connection, isInstance: boolean | undefined) =>
      await withClient(
        connection,
        async (client) =>
          await readOwner(
            createProviders(client, { owner: isInstance ? "instance" : "org" }),
            context.signal,
          ),
      );
    const [ours, theirs] = await Promise.all([
      read(from, options.instance),
      read(to, options.toInstance),
    ]);
    const difference = compareOwners(ours, theirs);
    const { onlyFrom, onlyTo, different } = difference;
    const isSame = onlyFrom.length + onlyTo.length + different.length === 0;
    output.result({ isSame, ...difference }, () => differenceText(difference));
    if (!isSame) {
      context.status = status.differs;
    }
  });
}

/** Returns the connection to compare with: another instance, or another owner on the same instance. */
function target(context: Context, from: Connection, options: Options): Connection {
  const { toProfile, toUrl, toOrg, toInstance, profiles } = options;
  const flags = flagSource(
    "the flags --to-…",
    {
      url: toUrl,
      tokenFile: options.toTokenFile,
      keyFile: options.toKeyFile,
      clientId: options.toClientId,
      clientSecretFile: options.toClientSecretFile,
      org: toOrg,
      protocol: options.toProtocol,
    },
    "to-",
  );
  if (toProfile === undefined && toUrl === undefined) {
    if (toOrg === undefined && !toInstance) {
      throw new UsageError(
        "the other side is missing: pass --to-profile, --to-url, --to-org or --to-instance",
      );
    }
    return toOrg === undefined ? from : { ...from, org: toOrg };
  }
  const file = profiles ?? profilesFile(context);
  const profile =
    toProfile === undefined
      ? []
      : [profileSource(toProfile, readProfile(context, toProfile, file))];
  return merge([flags, ...profile], options, {
    url: "No ZITADEL URL to compare with. Pass --to-url or --to-profile.",
    credentials:
      "--to-url needs --to-token-file, --to-key-file, or --to-client-id and --to-client-secret-file",
  });
}

function differenceText({ onlyFrom, onlyTo, different, same }: Difference): string {
  const lines = [
    ...onlyFrom.map(
      ({ type, name, id }) => `- ${printable(`${describeProvider(type, name)} (${id})`)}`,
    ),
    ...onlyTo.map(
      ({ type, name, id }) => `+ ${printable(`${describeProvider(type, name)} (${id})`)}`,
    ),
    ...different.flatMap(({ type, name, changes }) => [
      `~ ${printable(describeProvider(type, name))}`,
      ...changes.map(({ field, from, to }) =>
        printable(`    ${field}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`),
      ),
    ]),
  ];
  return lines.length === 0
    ? `No differences: ${same} providers are the same.`
    : [
        ...lines,
        "",
        `${onlyFrom.length} only here (-), ${onlyTo.length} only there (+), ${different.length} different (~), ${same} the same.`,
      ].join("\n");
}
