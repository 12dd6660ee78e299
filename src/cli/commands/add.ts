import { type Command, Option } from "commander";
import { ProviderError, type ProviderSettings, type ProviderType } from "../../providers/index.js";
import { type FieldValues, isProviderType } from "../../providers/model/field-specs.js";
import { describeProvider } from "../../providers/plan/labels.js";
import { isPlainObject } from "../../utils/is-plain-object.js";
import { addAllowEnvOption, type AllowEnvOptions } from "../allow-env.js";
import { findConnection } from "../connection.js";
import type { Context } from "../context.js";
import { UsageError, withNext } from "../failure.js";
import { typeNames } from "../fields.js";
import { nextCommand } from "../next-command.js";
import {
  operatorCommand,
  type OperatorOptions,
  withProviders,
  withSharedOptions,
} from "../operator-command.js";
import { readSettings } from "../provider-file.js";
import { addSettingOptions, type SettingOptions, settingsOf } from "../settings.js";
import { providerLabel } from "../shown-provider.js";

interface Options extends OperatorOptions, SettingOptions, AllowEnvOptions {
  readonly type?: ProviderType;
  readonly name?: string;
  readonly file?: string;
  readonly activate?: boolean;
  readonly createPolicy?: boolean;
}

/** Creates `zitadel-idp add`, which adds one provider. */
export function addCommand(context: Context): Command {
  const command = operatorCommand(
    "add",
    "Add a provider. Its settings come from options, a file, or both.",
    [
      "add --type google --name Google --set clientId=id --secret-env clientSecret=GOOGLE_SECRET",
      "add --type oidc --name Acme --set issuer=https://login.acme.example --set clientId=id \\\n      --secret-file clientSecret=secret.txt --set scopes=openid --set options.isCreationAllowed=true",
      "add --file acme.yaml --activate",
      "add --file - < acme.yaml",
    ],
  )
    .addOption(new Option("--type <type>", "type of the provider").choices(typeNames))
    .option("--name <name>", "name of the provider; short for --set name=<name>")
    .option(
      "-f, --file <file>",
      "YAML or JSON file with type and fields (- for standard input); options override its fields",
    );
  addAllowEnvOption(addSettingOptions(command))
    .option("--activate", "show the provider on the login page")
    .option(
      "--create-policy",
      "with --activate: create a login policy if the organization has none of its own (a copy of the instance's)",
    );
  return withSharedOptions(command, { owner: true }).action(async (options: Options) => {
    const { settings, located } = await read(context, options);
    await withProviders(context, options, async ({ providers, output, signal }) => {
      const { activate = false, createPolicy } = options;
      const provider = await providers
        .add(settings as unknown as ProviderSettings, { signal, activate, createPolicy })
        .catch((error: unknown) => {
          throw located(unfinished(error, settings, options));
        });
      if (activate) {
        // The provider is active already. Activate it again only to read the warnings, and ignore a failure.
        const { warnings } = await providers
          .activate(provider.id, { signal })
          .catch(() => ({ warnings: [] }));
        warnings.forEach((warning) => output.note(`warning: ${warning}`));
      }
      output.result({ ...provider, active: activate }, () => `Added ${providerLabel(provider)}.`);
    });
  });
}

/**
 * Returns the error of a failed add with the next command. If the provider was added before the failure, the error names it. If
 * the outcome is unknown, the error says how to find the provider, because another add could create a second one.
 */
function unfinished(error: unknown, { type, name }: FieldValues, options: Options): unknown {
  const what = describeProvider(String(type), typeof name === "string" ? name : "");
  if (error instanceof ProviderError && error.providerId !== undefined) {
    const id = error.providerId;
    const { activate = false, createPolicy = false } = options;
    return withNext(
      error,
      activate
        ? nextCommand(["activate", id, ...(createPolicy ? ["--create-policy"] : [])], options)
        : nextCommand(["get", id], options),
      `added ${what} (${id}), but a later step failed${activate ? ": it may not be on the login page yet" : ""}. Do not add it again`,
    );
  }
  const filter = typeof name === "string" && name.trim() !== "" ? ["--name", name] : [];
  const list = nextCommand(["list", "--type", String(type), ...filter], options);
  return withNext(error, list, `${what} may have been added: check before you add it again`);
}

interface Read {
  readonly settings: FieldValues;
  located(error: unknown): unknown;
}

async function read(context: Context, options: Options): Promise<Read> {
  const file =
    options.file === undefined
      ? undefined
      : await readSettings(context, options.file, [
          ...options.allowEnv,
          ...findConnection(context, options).allowEnv,
        ]);
  const { type = file?.value["type"] } = options;
  if (type === undefined) {
    throw new UsageError("the type is missing: pass --type, or a --file with a type");
  }
  if (!isProviderType(type)) {
    throw new UsageError(`the type must be one of ${typeNames.join(", ")}`);
  }
  const named = options.name === undefined ? [] : [`name=${options.name}`];
  const given = settingsOf(type, { ...options, set: [...named, ...options.set] }, context);
  // Merge the parts of an object from the options into those from the file.
  const merged = Object.entries(given).map(([name, value]) => {
    const before = file?.value[name];
    return [name, isPlainObject(before) && isPlainObject(value) ? { ...before, ...value } : value];
  });
  return {
    settings: { ...file?.value, ...(Object.fromEntries(merged) as FieldValues), type },
    located: file?.located ?? ((error) => error),
  };
}
