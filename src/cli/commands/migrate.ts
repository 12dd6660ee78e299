import { type Command, Option } from "commander";
import type { MigrationTarget } from "../../providers/index.js";
import { choose } from "../find-by-id-or-name.js";
import { confirm } from "../confirm.js";
import type { Context } from "../command-context.js";
import { withNext } from "../report/failure-json.js";
import { nextCommand } from "../next-command.js";
import {
  operatorCommand,
  type OperatorOptions,
  withProviders,
  withSharedOptions,
} from "../shared-options.js";
import { addSettingOptions, type SettingOptions, settingsOf } from "../options/field-options.js";
import { providerLabel } from "../report/format-provider.js";

interface Options extends OperatorOptions, SettingOptions {
  readonly to: "google" | "azureAd";
  readonly yes?: boolean;
}

/** Creates `zitadel-idp migrate`, which changes the type of a provider and keeps its id. */
export function migrateCommand(context: Context): Command {
  const command = operatorCommand(
    "migrate",
    "Change an OIDC provider or legacy IDP to Google or Entra ID. The provider keeps its id and users; all its fields are replaced.",
    [
      "migrate 69629023906488334 --to google --set name=Google --set clientId=id \\\n      --secret-env clientSecret=GOOGLE_SECRET",
    ],
  )
    .argument("<id-or-name>", "id or name of the provider")
    .addOption(
      new Option("--to <type>", "new type of the provider")
        .choices(["google", "azureAd"])
        .makeOptionMandatory(),
    );
  addSettingOptions(command).option("-y, --yes", "migrate without asking");
  return withSharedOptions(command, { owner: true }).action(
    async (idOrName: string, options: Options) => {
      const settings = { ...settingsOf(options.to, options, context), type: options.to };
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const before = await choose(providers, idOrName, "own", { signal });
        await confirm(
          context,
          `Change ${providerLabel(before)} to ${options.to}?\nThis cannot be undone.`,
          options.yes,
        );
        const provider = await providers
          .migrate(before.id, settings as unknown as MigrationTarget, { signal })
          .catch((error: unknown) => {
            throw withNext(error, nextCommand(["get", before.id], options));
          });
        output.result(
          provider,
          () => `Migrated ${providerLabel(before)} to ${providerLabel(provider)}.`,
        );
      });
    },
  );
}
