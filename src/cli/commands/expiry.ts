import { type Command, Option } from "commander";
import type { Expirations } from "../../doctor/index.js";
import type { CommandContext } from "../command-context.js";
import { createSocketOptions } from "../connection/create-socket-options.js";
import { findConnection } from "../connection/find-connection.js";
import { withClient } from "../with-client.js";
import { createCommand } from "../create-command.js";
import { readDesiredStateWithoutSecrets } from "../documents/provider-file.js";
import { createExistingStateStore, createStateFileStore } from "../documents/state-file-store.js";
import { exitStatus } from "../exit-status.js";
import { type AllowEnvOptions, addAllowEnvOption } from "../options/allow-env-option.js";
import { parseDuration } from "../options/parse-duration.js";
import { resolveStatePath } from "../options/plan-file-options.js";
import { createOutput } from "../output.js";
import { formatExpirations } from "../report/format-expirations.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";
import type { StateStore } from "../../providers/index.js";
import { defaultExpiryWarningMs } from "../../providers/plan/default-expiry-warning-ms.js";

interface ExpiryCommandOptions extends SharedOptions, AllowEnvOptions {
  readonly within: number;
  /** The path of the state file, or false to read none. */
  readonly state?: string | false;
  /** False for `--no-servers`. */
  readonly servers: boolean;
}

/** Creates `zitadel-idp expiry`, which lists everything of providers that expires. */
export function createExpiryCommand(context: CommandContext): Command {
  const command = createCommand(
    "expiry",
    "List the expiry dates, for all owners that the user may read: certificates of SAML metadata, of LDAP root CAs and of the servers of providers, and secrets whose date is in the file or in the state of apply. Exit status: 0 if nothing expires soon, 2 if something does or has expired, 3 if something could not be read, 1 on failure.",
    ["expiry", "expiry providers.yaml --within 8w", "expiry --instance --json | jq '.items[0]'"],
  )
    .argument(
      "[file]",
      "YAML or JSON file with the desired providers, for the dates of their secrets; the secrets themselves may be missing",
    )
    .addOption(
      new Option(
        "--within <duration>",
        "exit with 2 if an item expires within this time, such as 30d or 4w",
      )
        .argParser(parseDuration)
        .default(defaultExpiryWarningMs, "30d"),
    )
    .option(
      "--state <file>",
      "state file with the dates of secrets; default: FILE.state.json next to the file",
    )
    .option("--no-state", "do not read the state file")
    .option(
      "--no-servers",
      "do not connect to the servers of providers; leaves out their certificates",
    );
  addAllowEnvOption(command);
  return addSharedOptions(command, { hasOwner: true }).action(
    async (file: string | undefined, options: ExpiryCommandOptions) => {
      const output = createOutput(context, options);
      const connection = findConnection(context, options);
      const allowEnv = [...options.allowEnv, ...connection.allowEnv];
      const desired =
        file === undefined
          ? undefined
          : (await readDesiredStateWithoutSecrets(context, file, allowEnv)).value;
      const store = findStateStore(file, options);
      // Load the doctor on demand: few commands read certificates.
      const { listExpirations } = await import("../../doctor/index.js");
      const expirations = await withClient(
        connection,
        async (client) =>
          await listExpirations(client, {
            owner: findOwner(options, connection.org !== undefined),
            desired,
            state: store && { store },
            withinMs: options.within,
            signal: context.signal,
            servers: options.servers,
            ...createSocketOptions(connection.network),
          }),
      );
      output.result(expirations, () => formatExpirations(expirations));
      context.status = findExitStatus(expirations);
    },
  );
}

/** Returns the owner to list, or undefined for all. The client already works on the organization of `--org`. */
function findOwner({ instance }: SharedOptions, hasOrg: boolean) {
  return instance ? { owner: "instance" as const } : hasOrg ? { owner: "org" as const } : undefined;
}

/** Returns the store over the state file that the user named, or over the one next to the provider file, which may not exist. */
function findStateStore(
  file: string | undefined,
  { state }: ExpiryCommandOptions,
): StateStore | undefined {
  if (typeof state === "string") {
    return createExistingStateStore(state);
  }
  const path = file === undefined || state === false ? undefined : resolveStatePath(file, {});
  return path === undefined ? undefined : createStateFileStore(path);
}

function findExitStatus({ expiring, unchecked }: Expirations): number {
  return expiring > 0 ? exitStatus.expires : unchecked.length > 0 ? exitStatus.unchecked : 0;
}
