import { type Command, Option } from "commander";
import type { CommandContext } from "../command-context.js";
import { findProfile, type ProfileFlags } from "../connection/find-profile.js";
import { createCommand } from "../create-command.js";
import { exitStatus } from "../exit-status.js";
import { addAllowEnvOption, type AllowEnvOptions } from "../options/allow-env-option.js";
import { addOutputOptions, createOutput, type OutputOptions } from "../output.js";
import {
  formatAnnotations,
  formatValidation,
  formatValidationMarkdown,
} from "../report/format-validation.js";
import { type FileReport, validateFile } from "../validate-file.js";

interface ValidateCommandOptions extends OutputOptions, AllowEnvOptions, ProfileFlags {
  readonly allowMissingSecrets?: boolean;
  readonly strict?: boolean;
  readonly format: "text" | "github" | "markdown";
}

/** Creates `zitadel-idp validate`, which checks provider files without a server. */
export function createValidateCommand(context: CommandContext): Command {
  const command = createCommand(
    "validate",
    "Check files of plan and apply without a server. Exit status: 0 if nothing is wrong, 1 for problems and for providers with which nobody can sign in, 2 with --strict for risks.",
    [
      "validate providers.yaml",
      "validate *.yaml --strict --format github",
      "validate providers.yaml --allow-missing-secrets --json",
      "validate providers.yaml --quiet --format markdown",
    ],
  ).argument("<files...>", "YAML or JSON files with the desired providers; - for standard input");
  addAllowEnvOption(command)
    .option(
      "--allow-missing-secrets",
      "accept references to secrets whose variable or file is missing, as in a pull request",
    )
    .option("--strict", "exit with 2 if there are risks")
    .addOption(
      new Option(
        "--format <format>",
        "format of the findings for people: text, annotations for GitHub Actions, or a table",
      )
        .choices(["text", "github", "markdown"])
        .default("text")
        .conflicts("json"),
    )
    .option("--profile <name>", "use the allowEnv of this profile [ZITADEL_PROFILE]")
    .option("--profiles <file>", "file with the profiles");
  return addOutputOptions(command).action(
    async (files: readonly string[], options: ValidateCommandOptions) => {
      const output = createOutput(context, options);
      const { profile } = findProfile(context, options);
      const checkOptions = {
        allowEnv: [...options.allowEnv, ...(profile?.allowEnv ?? [])],
        allowMissingSecrets: options.allowMissingSecrets ?? false,
      };
      const reports: FileReport[] = [];
      for (const file of files) {
        reports.push(await validateFile(context, file, checkOptions));
      }
      output.result(toValidationJson(reports), () =>
        formatters[options.format](reports, options.quiet !== true),
      );
      context.status = findExitStatus(reports, options.strict ?? false);
    },
  );
}

const formatters = {
  text: formatValidation,
  github: formatAnnotations,
  markdown: formatValidationMarkdown,
} as const;

function toValidationJson(reports: readonly FileReport[]): object {
  return {
    findings: reports.flatMap(({ findings }) => findings),
    problems: reports.flatMap(({ error }) => error?.problems ?? []),
    checked: reports.reduce((sum, { checked }) => sum + checked, 0),
  };
}

function findExitStatus(reports: readonly FileReport[], isStrict: boolean): number {
  const severities = new Set(
    reports.flatMap(({ findings }) => findings.map(({ severity }) => severity)),
  );
  if (reports.some(({ error }) => error !== undefined) || severities.has("broken")) {
    return exitStatus.failed;
  }
  return isStrict && (severities.has("risk") || severities.has("expires")) ? exitStatus.risks : 0;
}
