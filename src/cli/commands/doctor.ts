import { statSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Diagnosis, DiagnoseOptions } from "../../doctor/index.js";
import type { Owner } from "../../providers/plan/owner.js";
import type { CommandContext } from "../command-context.js";
import type { ConnectionConfig } from "../connection/connection-config.js";
import { createSocketOptions } from "../connection/create-socket-options.js";
import { findConnection } from "../connection/find-connection.js";
import { withClient } from "../connection/with-client.js";
import { createCommand } from "../create-command.js";
import { readDesiredState } from "../documents/provider-file.js";
import { UnknownProviderError } from "../errors/unknown-provider-error.js";
import { UsageError } from "../errors/usage-error.js";
import { exitStatus } from "../exit-status.js";
import { type AllowEnvOptions, addAllowEnvOption } from "../options/allow-env-option.js";
import { parseDuration } from "../options/parse-duration.js";
import { createOutput, type Output } from "../output.js";
import { formatFindingsMarkdown } from "../report/format-findings-markdown.js";
import { formatFindings, subjectOf } from "../report/format-findings.js";
import { formatAnnotation, toAnnotation } from "../report/github-annotation.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";

interface DoctorCommandOptions extends SharedOptions, AllowEnvOptions {
  readonly within: number;
  readonly probeSecrets?: boolean;
  readonly allowPrivate?: boolean;
  readonly offline?: boolean;
  readonly strict?: boolean;
  readonly format: "text" | "github" | "markdown";
}

/** Creates `zitadel-idp doctor`, which checks whether users can sign in. */
export function createDoctorCommand(context: CommandContext): Command {
  const command = createCommand(
    "doctor",
    `Check whether users can sign in with the providers: their servers, certificates, keys, options and the login policies. Runs from this machine, without a user, and changes nothing. Exit status: 0 if nothing is broken, 1 if something is, 2 with --strict for risks and expiries, 3 if a check could not be made.`,
    [
      "doctor",
      'doctor "Acme Login"',
      "doctor providers.yaml --probe-secrets",
      "doctor --strict --format github",
    ],
  )
    .argument(
      "[file|id|name]",
      "YAML or JSON file with the desired providers, or the id or name of one provider; default: all providers that the user may read",
    )
    .addOption(
      new Option("--within <duration>", "report what expires within this time, such as 30d or 4w")
        .argParser(parseDuration)
        .default(30 * 86_400_000, "30d"),
    )
    .option(
      "--probe-secrets",
      "send the secrets of the file to the providers that they belong to, to see whether they are accepted",
    )
    .option(
      "--allow-private",
      "follow redirects to private addresses, and accept http: upstreams on this machine",
    )
    .option("--offline", "check the providers of a file without a connection to ZITADEL")
    .option("--strict", "exit with 2 if there are risks or expiries")
    .addOption(
      new Option("--format <format>", "format of the findings for people")
        .choices(["text", "github", "markdown"])
        .default("text"),
    );
  addAllowEnvOption(command);
  return addSharedOptions(command, { hasOwner: true }).action(
    async (subject: string | undefined, options: DoctorCommandOptions) => {
      const output = createOutput(context, options);
      const diagnosis = await runDoctor(context, subject, options, output);
      output.result(diagnosis, () => formatDiagnosis(diagnosis, options.format, output));
      context.status = toStatus(diagnosis, options.strict === true);
    },
  );
}

async function runDoctor(
  context: CommandContext,
  subject: string | undefined,
  options: DoctorCommandOptions,
  output: Output,
): Promise<Diagnosis> {
  const file = subject !== undefined && isFile(subject) ? subject : undefined;
  const { offline = false } = options;
  if (offline && file === undefined) {
    throw new UsageError(
      "--offline needs a file with providers: without one, they come from ZITADEL",
    );
  }
  const connection = offline ? undefined : findConnection(context, options);
  const allowEnv = [...options.allowEnv, ...(connection?.allowEnv ?? [])];
  const desired =
    file === undefined ? undefined : (await readDesiredState(context, file, allowEnv)).value;
  const diagnoseOptions: DiagnoseOptions = {
    desired,
    provider: file === undefined ? subject : undefined,
    withinMs: options.within,
    probeSecrets: options.probeSecrets,
    allowPrivate: options.allowPrivate,
    signal: context.signal,
    onProgress: ({ done, total }) => output.progress(`checked ${done} of ${total} providers`),
  };
  // On demand: no other command needs the libraries of its protocols.
  const { diagnose } = await import("../../doctor/index.js");
  if (connection === undefined) {
    return await diagnose(undefined, diagnoseOptions);
  }
  const diagnosis = await withClient(
    connection,
    async (client) =>
      await diagnose(client, {
        ...diagnoseOptions,
        ...createSocketOptions(connection.network),
        baseUrl: toPublicUrl(connection),
        owner: file === undefined ? findOwner(connection, options) : undefined,
      }),
  );
  if (diagnosis.checked === 0 && diagnoseOptions.provider !== undefined) {
    throw new UnknownProviderError(
      `There is no provider with the id or the name ${JSON.stringify(subject)}, and no file of this name. See zitadel-idp list.`,
    );
  }
  return diagnosis;
}

/** Returns the owner that the flags and the connection select. */
function findOwner({ org }: ConnectionConfig, { instance }: SharedOptions): Owner | undefined {
  if (instance) {
    return { owner: "instance" };
  }
  return org === undefined ? undefined : { owner: "org", orgId: org.value };
}

/** Returns the URL by which browsers reach the instance. */
function toPublicUrl({ url, instanceHost }: ConnectionConfig): string {
  return instanceHost === undefined ? url.value : `https://${instanceHost.value}`;
}

function isFile(path: string): boolean {
  return (
    path === "-" ||
    /\.(ya?ml|json)$/i.test(path) ||
    (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
  );
}

function formatDiagnosis(
  diagnosis: Diagnosis,
  format: DoctorCommandOptions["format"],
  { isColoured }: Output,
): string {
  switch (format) {
    case "github":
      return diagnosis.findings
        .map((each) => formatAnnotation(toAnnotation(each, subjectOf(each))))
        .join("\n");
    case "markdown":
      return formatFindingsMarkdown(diagnosis);
    default:
      return formatFindings(diagnosis, { colour: isColoured });
  }
}

/** Returns the exit status for findings: the worst first. */
function toStatus({ findings }: Diagnosis, isStrict: boolean): number {
  const has = (severity: string): boolean => findings.some((each) => each.severity === severity);
  if (has("broken")) {
    return exitStatus.failed;
  }
  if (isStrict && (has("risk") || has("expires"))) {
    return exitStatus.differs;
  }
  return has("unchecked") ? exitStatus.unchecked : 0;
}
