import { type Command, Option } from "commander";
import type { MigrationTarget } from "../../providers/index.js";
import type { CommandContext } from "../command-context.js";
import { confirm } from "../confirm.js";
import { createCommand } from "../create-command.js";
import { addNextCommand } from "../errors/unfinished-error.js";
import { findToChange } from "../find-by-id-or-name.js";
import { formatNextCommand } from "../format-next-command.js";
import { addFieldOptions, type FieldOptions, readFieldOptions } from "../options/field-options.js";
import { formatProviderLabel } from "../report/format-provider.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";
import { withProviders } from "../with-providers.js";

interface MigrateCommandOptions extends SharedOptions, FieldOptions {
  readonly to: "google" | "azureAd";
  readonly yes?: boolean;
}

/** Creates `zitadel-idp migrate`, which changes the type of a provider and keeps its id. */
export function createMigrateCommand(context: CommandContext): Command {
  const command = createCommand(
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
  addFieldOptions(command).option("-y, --yes", "migrate without asking");
  return addSharedOptions(command, { hasOwner: true }).action(
    async (idOrName: string, options: MigrateCommandOptions) => {
      const settings = { ...readFieldOptions(options.to, options, context), type: options.to };
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const before = await findToChange(providers, idOrName, { signal });
        await confirm(
          context,
          `Change ${formatProviderLabel(before)} to ${options.to}?\nThis cannot be undone.`,
          options.yes,
        );
        const provider = await providers
          .migrate(before.id, settings as MigrationTarget, { signal })
          .catch((error: unknown) => {
            throw addNextCommand(error, formatNextCommand(["get", before.id], options));
          });
        output.result(
          provider,
          () => `Migrated ${formatProviderLabel(before)} to ${formatProviderLabel(provider)}.`,
        );
      });
    },
  );
}
