import { type Command, Option } from "commander";
import { ProviderError, type ProviderSettings, type ProviderType } from "../../providers/index.js";
import { type FieldValues, isProviderType } from "../../providers/model/field-specs.js";
import { describeProvider } from "../../providers/plan/labels.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import type { CommandContext } from "../command-context.js";
import { findConnection } from "../connection/find-connection.js";
import { createCommand } from "../create-command.js";
import { type ProviderFile, readProviderSettings } from "../documents/provider-file.js";
import { addNextCommand } from "../errors/unfinished-error.js";
import { UsageError } from "../errors/usage-error.js";
import { formatNextCommand } from "../format-next-command.js";
import { addAllowEnvOption, type AllowEnvOptions } from "../options/allow-env-option.js";
import { addFieldOptions, type FieldOptions, readFieldOptions } from "../options/field-options.js";
import { providerTypeNames } from "../provider-type-names.js";
import { formatProviderLabel } from "../report/format-provider.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";
import { withProviders } from "../with-providers.js";

interface AddCommandOptions extends SharedOptions, FieldOptions, AllowEnvOptions {
  readonly type?: ProviderType;
  readonly name?: string;
  readonly file?: string;
  readonly activate?: boolean;
  readonly createPolicy?: boolean;
}

/** Creates `zitadel-idp add`, which adds one provider. */
export function createAddCommand(context: CommandContext): Command {
  const command = createCommand(
    "add",
    "Add a provider. Its settings come from options, a file, or both.",
    [
      "add --type google --name Google --set clientId=id --secret-env clientSecret=GOOGLE_SECRET",
      "add --type oidc --name Acme --set issuer=https://login.acme.example --set clientId=id \\\n      --secret-file clientSecret=secret.txt --set scopes=openid --set options.isCreationAllowed=true",
      "add --file acme.yaml --activate",
      "add --file - < acme.yaml",
    ],
  )
    .addOption(new Option("--type <type>", "type of the provider").choices(providerTypeNames))
    .option("--name <name>", "name of the provider; short for --set name=<name>")
    .option(
      "-f, --file <file>",
      "YAML or JSON file with type and fields (- for standard input); options override its fields",
    );
  addAllowEnvOption(addFieldOptions(command))
    .option("--activate", "show the provider on the login page")
    .option(
      "--create-policy",
      "with --activate: create a login policy if the organization has none of its own (a copy of the instance's)",
    );
  return addSharedOptions(command, { hasOwner: true }).action(
    async (options: AddCommandOptions) => {
      const { settings, locateError } = await readAddInput(context, options);
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const { activate = false, createPolicy } = options;
        const provider = await providers
          .add(settings as ProviderSettings, { signal, activate, createPolicy })
          .catch((error: unknown) => {
            throw locateError(explainFailedAdd(error, settings, options));
          });
        if (activate) {
          // The provider is active already. Activate it again only to read the warnings, and ignore a failure.
          const { warnings } = await providers
            .activate(provider.id, { signal })
            .catch(() => ({ warnings: [] }));
          warnings.forEach((warning) => output.note(`warning: ${warning}`));
        }
        output.result(
          { ...provider, active: activate },
          () => `Added ${formatProviderLabel(provider)}.`,
        );
      });
    },
  );
}

/**
 * Adds the next command to the error of a failed add. If the provider was added before the failure, the error names the provider. If the
 * outcome is unknown, the error says how to look for the provider, because another add could create a second one.
 */
function explainFailedAdd(
  error: unknown,
  { type, name }: UncheckedSettings,
  options: AddCommandOptions,
): unknown {
  const provider = describeProvider(type, typeof name === "string" ? name : "");
  if (error instanceof ProviderError && error.providerId !== undefined) {
    const id = error.providerId;
    const { activate = false, createPolicy = false } = options;
    return addNextCommand(
      error,
      activate
        ? formatNextCommand(["activate", id, ...(createPolicy ? ["--create-policy"] : [])], options)
        : formatNextCommand(["get", id], options),
      `added ${provider} (${id}), but a later step failed${activate ? ": it may not be on the login page yet" : ""}. Do not add it again`,
    );
  }
  const filter = typeof name === "string" && name.trim() !== "" ? ["--name", name] : [];
  const list = formatNextCommand(["list", "--type", type, ...filter], options);
  return addNextCommand(
    error,
    list,
    `${provider} may have been added: check before you add it again`,
  );
}

/** The settings of the provider to add, and the way to locate errors in the file. */
interface AddInput {
  readonly settings: UncheckedSettings;
  /** Converts an error about the settings into one about the file. Returns any other error unchanged. */
  locateError(error: unknown): unknown;
}

/** Settings whose type has been checked. The library checks all other fields. */
interface UncheckedSettings {
  readonly type: ProviderType;
  readonly name?: unknown;
}

/** Reads the settings from the file and the options. Options override the file. */
async function readAddInput(
  context: CommandContext,
  options: AddCommandOptions,
): Promise<AddInput> {
  const file = await readSettingsFile(context, options);
  const type = readType(options.type ?? file?.value["type"]);
  const nameAssignment = options.name === undefined ? [] : [`name=${options.name}`];
  const set = [...nameAssignment, ...options.set];
  const fields = readFieldOptions(type, { ...options, set }, context);
  return {
    settings: { ...mergeFields(file?.value ?? {}, fields), type },
    locateError: file?.locateError ?? ((error) => error),
  };
}

async function readSettingsFile(
  context: CommandContext,
  options: AddCommandOptions,
): Promise<ProviderFile<FieldValues> | undefined> {
  if (options.file === undefined) {
    return undefined;
  }
  const { allowEnv } = findConnection(context, options);
  return await readProviderSettings(context, options.file, [...options.allowEnv, ...allowEnv]);
}

function readType(type: unknown): ProviderType {
  if (type === undefined) {
    throw new UsageError("the type is missing: pass --type, or a --file with a type");
  }
  if (!isProviderType(type)) {
    throw new UsageError(`the type must be one of ${providerTypeNames.join(", ")}`);
  }
  return type;
}

/** Merges `fields` into `base`. Merges the parts of fields that are objects. */
function mergeFields(base: FieldValues, fields: FieldValues): FieldValues {
  const merged = Object.entries(fields).map(([name, value]) => {
    const before = base[name];
    return [name, isPlainObject(before) && isPlainObject(value) ? { ...before, ...value } : value];
  });
  return { ...base, ...(Object.fromEntries(merged) as FieldValues) };
}
