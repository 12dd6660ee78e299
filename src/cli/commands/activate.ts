import type { Command } from "commander";
import { choose } from "../find-by-id-or-name.js";
import type { CommandContext } from "../command-context.js";
import { addNextCommand } from "../report/failure-json.js";
import { formatNextCommand } from "../next-command.js";
import {
  createCommand,
  type SharedOptions,
  withProviders,
  addSharedOptions,
} from "../shared-options.js";
import { formatProviderLabel } from "../report/format-provider.js";

interface Options extends SharedOptions {
  readonly createPolicy?: boolean;
}

const texts = {
  activate: {
    what: "Show a provider on the login page.",
    done: "Activated",
    already: "Already active",
  },
  deactivate: {
    what: "Remove a provider from the login page. The provider itself stays.",
    done: "Deactivated",
    already: "Already inactive",
  },
} as const;

/** Creates `zitadel-idp activate` or `zitadel-idp deactivate`. */
export function createActivationCommand(context: CommandContext, name: "activate" | "deactivate"): Command {
  const { what, done, already } = texts[name];
  const command = createCommand(name, what, [
    `${name} Google`,
    `${name} 69629023906488334 --org 69629012906488334 --create-policy`,
    `${name} Google --instance`,
  ])
    .argument("<id-or-name>", "id or name of the provider")
    .option(
      "--create-policy",
      "create a login policy if the organization has none of its own (a copy of the instance's)",
    );
  return addSharedOptions(command, { owner: true }).action(
    async (idOrName: string, options: Options) =>
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const { createPolicy } = options;
        const provider = await choose(providers, idOrName, "any", { signal });
        const result = await providers[name](provider.id, { signal, createPolicy }).catch(
          (error: unknown) => {
            // Running the same command again does no harm.
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
