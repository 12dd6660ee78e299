import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { createCommand } from "../create-command.js";
import { addNextCommand } from "../errors/unfinished-error.js";
import { findByIdOrName } from "../find-by-id-or-name.js";
import { formatNextCommand } from "../format-next-command.js";
import { formatProviderLabel } from "../report/format-provider.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";
import { withProviders } from "../with-providers.js";

interface ActivationCommandOptions extends SharedOptions {
  readonly createPolicy?: boolean;
}

const activationTexts = {
  activate: {
    description: "Show a provider on the login page.",
    done: "Activated",
    already: "Already active",
  },
  deactivate: {
    description: "Remove a provider from the login page. The provider itself stays.",
    done: "Deactivated",
    already: "Already inactive",
  },
} as const;

/** Creates `zitadel-idp activate` or `zitadel-idp deactivate`. */
export function createActivationCommand(
  context: CommandContext,
  name: "activate" | "deactivate",
): Command {
  const { description, done, already } = activationTexts[name];
  const command = createCommand(name, description, [
    `${name} Google`,
    `${name} 69629023906488334 --org 69629012906488334 --create-policy`,
    `${name} Google --instance`,
  ])
    .argument("<id-or-name>", "id or name of the provider")
    .option(
      "--create-policy",
      "create a login policy if the organization has none of its own (a copy of the instance's)",
    );
  return addSharedOptions(command, { hasOwner: true }).action(
    async (idOrName: string, options: ActivationCommandOptions) =>
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const { createPolicy } = options;
        const provider = await findByIdOrName(providers, idOrName, { signal });
        const result = await providers[name](provider.id, { signal, createPolicy }).catch(
          (error: unknown) => {
            // The same command is safe to run again.
            const again = [name, provider.id, ...(createPolicy ? ["--create-policy"] : [])];
            throw addNextCommand(error, formatNextCommand(again, options));
          },
        );
        result.warnings.forEach((warning) => output.note(`warning: ${warning}`));
        if (result.policyCreated) {
          output.note(
            "note: the organization now has its own login policy. Changes to the instance's login policy no longer apply to it.",
          );
        }
        output.result(
          { id: provider.id, ...result },
          () => `${result.changed ? done : already}: ${formatProviderLabel(provider)}.`,
        );
      }),
  );
}
