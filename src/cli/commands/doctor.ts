import { statSync } from "node:fs";
import { type Command, Option } from "commander";
import type { Diagnosis, DiagnoseOptions, Finding } from "../../doctor/index.js";
import { Code, isZitadelError } from "../../index.js";
import type { DesiredState } from "../../providers/index.js";
import { defaultExpiryWarningMs } from "../../providers/plan/default-expiry-warning-ms.js";
import type { Owner } from "../../providers/plan/owner.js";
import type { CommandContext } from "../command-context.js";
import type { ConnectionConfig } from "../connection/connection-config.js";
import { createSocketOptions } from "../connection/create-socket-options.js";
import {
  findConnection,
  findOfflineSettings,
  type OfflineSettings,
} from "../connection/find-connection.js";
import { withClient } from "../with-client.js";
import { createCommand } from "../create-command.js";
import {
  type ProviderFile,
  readDesiredState,
  readDesiredStateWithoutSecrets,
} from "../documents/provider-file.js";
import { UnknownProviderError } from "../errors/unknown-provider-error.js";
import { UsageError } from "../errors/usage-error.js";
import { exitStatus } from "../exit-status.js";
import { type AllowEnvOptions, addAllowEnvOption } from "../options/allow-env-option.js";
import { parseDuration } from "../options/parse-duration.js";
import { createOutput, type Output } from "../output.js";
import { formatFindingsMarkdown } from "../report/format-findings-markdown.js";
import { formatFindings, describeSubject } from "../report/format-findings.js";
import { formatAnnotation, toAnnotation } from "../report/github-annotation.js";
import { placeFinding } from "../report/place-finding.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";

interface DoctorCommandOptions extends SharedOptions, AllowEnvOptions {
  readonly within: number;
  readonly probeSecrets?: boolean;
  readonly allowPrivate?: boolean;
  readonly offline?: boolean;
  readonly strict?: boolean;
  readonly format: "text" | "github" | "markdown";
}

/** Creates `zitadel-idp doctor`, which checks if users can sign in. */
export function createDoctorCommand(context: CommandContext): Command {
  const command = createCommand(
    "doctor",
    `Check whether users can sign in with the providers: their servers, certificates, keys, options and the login policies. Runs from this machine, signs nobody in, and changes nothing. Exit status: 0 if nothing is broken, 1 if something is, 2 with --strict for risks and expiries, 3 if a check could not be made.`,
    [
      "doctor",
      'doctor "Acme Login"',
      "doctor providers.yaml --offline",
      "doctor providers.yaml --probe-secrets",
      "doctor --strict --format github",
      "doctor --within 90d --format markdown >> report.md",
    ],
  )
    .argument(
      "[file|id|name]",
      "YAML or JSON file with the desired providers, or the id or name of one provider; default: all providers that the user may read",
    )
    .addOption(
      new Option(
        "--within <duration>",
        "report certificates and secrets that expire within this time, such as 30d or 4w",
      )
        .argParser(parseDuration)
        .default(defaultExpiryWarningMs, "30d"),
    )
    .option(
      "--probe-secrets",
      "send each secret of the file to its own provider, to see whether it is accepted: in a token request with a code that cannot exist, or in an LDAP bind; no session starts, but the provider may log a failed sign-in",
    )
    .option(
      "--allow-private",
      "follow redirects to private addresses, and accept http: servers of providers on this machine",
    )
    .option(
      "--offline",
      "check the providers of a file without a connection to ZITADEL; still sends requests to the servers of the providers",
    )
    .option("--strict", "exit with 2 if there are risks or expiries")
    .addOption(
      new Option(
        "--format <format>",
        "format without --json: text, annotations for GitHub Actions, or a report in Markdown",
      )
        .choices(["text", "github", "markdown"])
        .default("text"),
    );
  addAllowEnvOption(command);
  return addSharedOptions(command, { hasOwner: true }).action(
    async (subject: string | undefined, options: DoctorCommandOptions) => {
      const output = createOutput(context, options);
      const input = await readDoctorInput(context, subject, options);
      const diagnosis = await runDoctor(context, input, options, output).catch((error: unknown) => {
        if (isZitadelError(error) && unreachable.has(error.code)) {
          // The providers were not checked, so do not report them as broken.
          context.status = exitStatus.unchecked;
        }
        throw error;
      });
      output.result(diagnosis, () =>
        formatDiagnosis(
          diagnosis,
          options.quiet === true ? diagnosis.findings.filter(isAboveNote) : diagnosis.findings,
          { file: input.file, format: options.format, colour: output.isColoured },
        ),
      );
      context.status = findExitStatus(diagnosis, options.strict === true);
    },
  );
}

/** The error codes of a ZITADEL that does not answer. */
const unreachable: ReadonlySet<Code> = new Set([Code.Unavailable, Code.DeadlineExceeded]);

/** The input of the doctor. */
interface DoctorInput {
  /** The connection to ZITADEL. Undefined with `--offline`. */
  readonly connection: ConnectionConfig | undefined;
  readonly settings: OfflineSettings;
  /** The file whose providers are checked. */
  readonly file: ProviderFile<DesiredState> | undefined;
  /** The id or the name of the only provider to check. */
  readonly provider: string | undefined;
}

/** Finds the connection and reads the file. Missing secrets are a problem only with `--probe-secrets`. */
async function readDoctorInput(
  context: CommandContext,
  subject: string | undefined,
  options: DoctorCommandOptions,
): Promise<DoctorInput> {
  const path = subject !== undefined && isFile(subject) ? subject : undefined;
  const { offline = false, probeSecrets = false } = options;
  if (offline && path === undefined) {
    throw new UsageError(
      "--offline needs a file with providers: without one, they come from ZITADEL",
    );
  }
  if (probeSecrets && path === undefined) {
    throw new UsageError(
      "--probe-secrets needs a file with the secrets: ZITADEL does not return those that it has",
    );
  }
  const connection = offline ? undefined : findConnection(context, options);
  const settings = connection ?? findOfflineSettings(context, options);
  const allowEnv = [...options.allowEnv, ...settings.allowEnv];
  const read = probeSecrets ? readDesiredState : readDesiredStateWithoutSecrets;
  const file = path === undefined ? undefined : await read(context, path, allowEnv);
  return { connection, settings, file, provider: path === undefined ? subject : undefined };
}

async function runDoctor(
  context: CommandContext,
  { connection, settings, file, provider }: DoctorInput,
  options: DoctorCommandOptions,
  output: Output,
): Promise<Diagnosis> {
  // Load the doctor on demand: no other command needs its protocol libraries.
  const { diagnose } = await import("../../doctor/index.js");
  const diagnoseOptions: DiagnoseOptions = {
    ...createSocketOptions(settings.network),
    desired: file?.value,
    provider,
    baseUrl: toPublicUrl(connection, settings),
    withinMs: options.within,
    probeSecrets: options.probeSecrets,
    allowPrivate: options.allowPrivate,
    signal: context.signal,
    onProgress: ({ done, total }) => output.progress(`checked ${done} of ${total} providers`),
  };
  if (connection === undefined) {
    return await diagnose(undefined, diagnoseOptions);
  }
  const owner = file === undefined ? findOwner(connection, options) : undefined;
  const diagnosis = await withClient(
    connection,
    async (client) => await diagnose(client, { ...diagnoseOptions, owner }),
  );
  if (diagnosis.checked === 0 && provider !== undefined) {
    throw new UnknownProviderError(
      `no provider has the id or name ${JSON.stringify(provider)}, and no file has this name; zitadel-idp list shows all providers`,
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

/** Returns the URL by which browsers reach the instance. Undefined if unknown. */
function toPublicUrl(
  connection: ConnectionConfig | undefined,
  { url }: OfflineSettings,
): string | undefined {
  return connection?.instanceHost === undefined
    ? url?.value
    : `https://${connection.instanceHost.value}`;
}

function isFile(path: string): boolean {
  return (
    path === "-" ||
    /\.(ya?ml|json)$/i.test(path) ||
    (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
  );
}

function isAboveNote({ severity }: Finding): boolean {
  return severity !== "note";
}

/** The format of a diagnosis. */
interface DiagnosisFormat extends Pick<DoctorCommandOptions, "format"> {
  /** The provider file in which findings get a place. */
  readonly file: ProviderFile<DesiredState> | undefined;
  readonly colour: boolean;
}

/** Formats the findings in `shown`. The summary counts all findings. */
function formatDiagnosis(
  diagnosis: Diagnosis,
  shown: readonly Finding[],
  { file, format, colour }: DiagnosisFormat,
): string {
  switch (format) {
    case "github":
      return shown
        .map((each) =>
          formatAnnotation(
            toAnnotation(each, describeSubject(each), file && placeFinding(each, file)),
          ),
        )
        .join("\n");
    case "markdown":
      return formatFindingsMarkdown(diagnosis, shown);
    default:
      return formatFindings(diagnosis, shown, { colour });
  }
}

/** Returns the exit status for the worst of the findings. */
function findExitStatus({ findings }: Diagnosis, isStrict: boolean): number {
  const has = (severity: string): boolean => findings.some((each) => each.severity === severity);
  if (has("broken")) {
    return exitStatus.failed;
  }
  if (isStrict && (has("risk") || has("expires"))) {
    return exitStatus.risks;
  }
  return has("unchecked") ? exitStatus.unchecked : 0;
}
