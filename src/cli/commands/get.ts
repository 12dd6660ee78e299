import type { Command } from "commander";
import { choose } from "../find-by-id-or-name.js";
import type { Context } from "../command-context.js";
import {
  operatorCommand,
  type OperatorOptions,
  withProviders,
  withSharedOptions,
} from "../shared-options.js";
import { providerText } from "../report/format-provider.js";

/** Creates `zitadel-idp get`, which shows one provider. */
export function getCommand(context: Context): Command {
  const command = operatorCommand("get", "Show a provider with all its fields.", [
    "get 69629023906488334",
    'get "Acme Login" --json',
  ]).argument("<id-or-name>", "id or name of the provider");
  return withSharedOptions(command, { owner: true }).action(
    async (idOrName: string, options: OperatorOptions) =>
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const provider = await choose(providers, idOrName, "any", { signal });
        const { ids } = await providers.active({ signal });
        const shown = { ...provider, active: ids.includes(provider.id) };
        output.result(shown, () => providerText(shown));
      }),
  );
}
