import type { Command } from "commander";
import type { ProviderPatch } from "../../providers/index.js";
import { isProviderType } from "../../providers/model/field-specs.js";
import { printable } from "../../utils/printable.js";
import { choose } from "../choose.js";
import type { Context } from "../context.js";
import { UsageError, withNext } from "../failure.js";
import { nextCommand } from "../next-command.js";
import {
  operatorCommand,
  type OperatorOptions,
  withProviders,
  withSharedOptions,
} from "../operator-command.js";
import { addSettingOptions, type SettingOptions, settingsOf } from "../settings.js";
import { providerLabel } from "../shown-provider.js";

interface Options extends OperatorOptions, SettingOptions {
  readonly ifSequence?: string;
}

/** Creates `zitadel-idp update`, which changes some fields of a provider. */
export function updateCommand(context: Context): Command {
  const command = operatorCommand(
    "update",
    "Change some fields of a provider. All other fields keep their values, including secrets.",
    [
      "update Google --set options.isAutoUpdate=true",
      'update Acme --set scopes=openid --set scopes=email --set name="Acme Login"',
      "update Acme --secret-env clientSecret=ACME_SECRET",
      "update 69629023906488334 --set-file metadataXml=metadata.xml",
    ],
  ).argument("<id-or-name>", "id or name of the provider");
  addSettingOptions(command).option(
    "--if-sequence <number>",
    "update only if the provider is still at this sequence (see get)",
  );
  return withSharedOptions(command, { owner: true }).action(
    async (idOrName: string, options: Options) => {
      const { set, setFile, secretEnv, secretFile, ifSequence } = options;
      if (set.length + setFile.length + secretEnv.length + secretFile.length === 0) {
        throw new UsageError(
          "no field to change: pass --set, --set-file, --secret-env or --secret-file",
        );
      }
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const before = await choose(providers, idOrName, "own", { signal });
        // For a provider that cannot be updated, update() throws the reason.
        const patch: ProviderPatch = isProviderType(before.type)
          ? settingsOf(before.type, options, context)
          : {};
        const { provider, changed, concurrent } = await providers
          .update(before.id, patch, { signal, ifSequence })
          .catch((error: unknown) => {
            throw withNext(error, nextCommand(["get", before.id], options));
          });
        if (concurrent === "certain") {
          output.note("warning: another client changed the provider after this update");
        }
        output.result({ provider, changed, concurrent }, () =>
          changed.length === 0
            ? `No change: ${providerLabel(provider)} already has these values.`
            : `Updated ${printable(changed.join(", "))} of ${providerLabel(provider)}.`,
        );
      });
    },
  );
}
