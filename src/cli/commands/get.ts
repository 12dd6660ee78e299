import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { createCommand } from "../create-command.js";
import { findByIdOrName } from "../find-by-id-or-name.js";
import { formatProvider } from "../report/format-provider.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";
import { withProviders } from "../with-providers.js";

/** Creates `zitadel-idp get`, which shows one provider. */
export function createGetCommand(context: CommandContext): Command {
  const command = createCommand(
    "get",
    "Show a provider with all its fields, except for secrets, which ZITADEL does not return.",
    ["get 69629023906488334", 'get "Acme Login" --json'],
  ).argument("<id-or-name>", "id or name of the provider");
  return addSharedOptions(command, { hasOwner: true }).action(
    async (idOrName: string, options: SharedOptions) =>
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const provider = await findByIdOrName(providers, idOrName, { signal });
        const { ids } = await providers.active({ signal });
        const shown = { ...provider, active: ids.includes(provider.id) };
        output.result(shown, () => formatProvider(shown));
      }),
  );
}
