import type { Command } from "commander";
import type { ProviderPatch } from "../../providers/index.js";
import { isProviderType } from "../../providers/model/field-specs.js";
import { printable } from "../../utils/printable.js";
import type { CommandContext } from "../command-context.js";
import { createCommand } from "../create-command.js";
import { addNextCommand } from "../errors/unfinished-error.js";
import { UsageError } from "../errors/usage-error.js";
import { findToChange } from "../find-by-id-or-name.js";
import { formatNextCommand } from "../format-next-command.js";
import { addFieldOptions, type FieldOptions, readFieldOptions } from "../options/field-options.js";
import { formatProviderLabel } from "../report/format-provider.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";
import { withProviders } from "../with-providers.js";

interface UpdateCommandOptions extends SharedOptions, FieldOptions {
  readonly ifSequence?: string;
}

/** Creates `zitadel-idp update`, which changes some fields of a provider. */
export function createUpdateCommand(context: CommandContext): Command {
  const command = createCommand(
    "update",
    "Change some fields of a provider. All other fields keep their values, including secrets.",
    [
      "update Google --set options.isAutoUpdate=true",
      'update Acme --set scopes=openid --set scopes=email --set name="Acme Login"',
      "update Acme --secret-env clientSecret=ACME_SECRET",
      "update 69629023906488334 --set-file metadataXml=metadata.xml",
    ],
  ).argument("<id-or-name>", "id or name of the provider");
  addFieldOptions(command).option(
    "--if-sequence <number>",
    "update only if the provider still has this sequence, which get shows",
  );
  return addSharedOptions(command, { hasOwner: true }).action(
    async (idOrName: string, options: UpdateCommandOptions) => {
      const { set, setFile, secretEnv, secretFile, ifSequence } = options;
      if (set.length + setFile.length + secretEnv.length + secretFile.length === 0) {
        throw new UsageError(
          "no field to change: pass --set, --set-file, --secret-env or --secret-file",
        );
      }
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const before = await findToChange(providers, idOrName, { signal });
        // A provider of another type cannot be updated: `update` throws the reason.
        const patch: ProviderPatch = isProviderType(before.type)
          ? readFieldOptions(before.type, options, context)
          : {};
        const { provider, changed, concurrent } = await providers
          .update(before.id, patch, { signal, ifSequence })
          .catch((error: unknown) => {
            throw addNextCommand(error, formatNextCommand(["get", before.id], options));
          });
        if (concurrent === "certain") {
          output.note("warning: another client changed the provider after this update");
        }
        output.result({ provider, changed, concurrent }, () =>
          changed.length === 0
            ? `No change: ${formatProviderLabel(provider)} already has these values.`
            : `Updated ${printable(changed.join(", "))} of ${formatProviderLabel(provider)}.`,
        );
      });
    },
  );
}
