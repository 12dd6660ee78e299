import { type Command, Option } from "commander";
import { ProviderError, type ProviderSettings, type ProviderType } from "../../providers/index.js";
import { isPlain } from "../../providers/model/check.js";
import { isProviderType, type Plain } from "../../providers/model/fields.js";
import { addAllowEnvOption, type AllowEnvOptions } from "../allow-env.js";
import { findConnection } from "../connection.js";
import type { Context } from "../context.js";
import { UsageError, withNext } from "../failure.js";
import { typeNames } from "../fields.js";
import {
  operatorCommand,
  type OperatorOptions,
  withProviders,
  withSharedOptions,
} from "../operator-command.js";
import { label } from "../../providers/plan/desired.js";
import { nextCommand } from "../next-command.js";
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

/** `zitadel-idp add`: one provider, from options or a file. */
export function addCommand(context: Context): Command {
  const command = operatorCommand("add", "Add a provider, from options or from a file.", [
    "add --type google --name Google --set clientId=id --secret-env clientSecret=GOOGLE_SECRET",
    "add --type oidc --name Acme --set issuer=https://login.acme.example --set clientId=id \\\n      --secret-file clientSecret=secret.txt --set scopes=openid --set options.isCreationAllowed=true",
    "add --file acme.yaml --activate",
    "add --file - < acme.yaml",
  ])
    .addOption(new Option("--type <type>", "the type of the provider").choices(typeNames))
    .option("--name <name>", "the same as --set name=...")
    .option("-f, --file <file>", "type and fields in YAML or JSON; - for standard input");
  addAllowEnvOption(addSettingOptions(command))
    .option("--activate", "have the login page offer it")
    .option(
      "--create-policy",
      "give the organization a login policy of its own, if that takes one",
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
        // The provider is offered already: this reads why users may not see it. All is done, even if that fails.
        const { warnings } = await providers
          .activate(provider.id, { signal })
          .catch(() => ({ warnings: [] }));
        warnings.forEach((warning) => output.note(`warning: ${warning}`));
      }
      output.result({ ...provider, active: activate }, () => `Added ${providerLabel(provider)}.`);
    });
  });
}

/** Says what was made, if the add failed after its write, or what to look for, if nobody knows. Repeating it could add a second one. */
function unfinished(error: unknown, { type, name }: Plain, options: Options): unknown {
  const what = label(String(type), typeof name === "string" ? name : "");
  if (error instanceof ProviderError && error.providerId !== undefined) {
    const id = error.providerId;
    const { activate = false, createPolicy = false } = options;
    return withNext(
      error,
      activate
        ? nextCommand(["activate", id, ...(createPolicy ? ["--create-policy"] : [])], options)
        : nextCommand(["get", id], options),
      `added ${what} (${id}), and then a step failed${activate ? ": the login page may not offer it yet" : ""}. Do not add it again`,
    );
  }
  const filter = typeof name === "string" && name.trim() !== "" ? ["--name", name] : [];
  const list = nextCommand(["list", "--type", String(type), ...filter], options);
  return withNext(error, list, `it is unknown if ${what} was added. Look before you add it again`);
}

interface Read {
  readonly settings: Plain;
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
    throw new UsageError("give --type, or --file with the type in it");
  }
  if (!isProviderType(type)) {
    throw new UsageError(`the type must be one of ${typeNames.join(", ")}`);
  }
  const named = options.name === undefined ? [] : [`name=${options.name}`];
  const given = settingsOf(type, { ...options, set: [...named, ...options.set] }, context);
  // What the options give of an object goes into what the file has of it.
  const merged = Object.entries(given).map(([name, value]) => {
    const before = file?.value[name];
    return [name, isPlain(before) && isPlain(value) ? { ...before, ...value } : value];
  });
  return {
    settings: { ...file?.value, ...(Object.fromEntries(merged) as Plain), type },
    located: file?.located ?? ((error) => error),
  };
}
