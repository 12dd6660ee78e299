import type { Command } from "commander";
import { choose } from "../choose.js";
import type { Context } from "../context.js";
import { withNext } from "../failure.js";
import { nextCommand } from "../next-command.js";
import {
  operatorCommand,
  type OperatorOptions,
  withProviders,
  withSharedOptions,
} from "../operator-command.js";
import { providerLabel } from "../shown-provider.js";

interface Options extends OperatorOptions {
  readonly createPolicy?: boolean;
}

const texts = {
  activate: {
    what: "Have the login page offer a provider.",
    done: "The login page offers",
    already: "The login page offers already",
  },
  deactivate: {
    what: "Have the login page not offer a provider any more. The provider stays.",
    done: "The login page does not offer any more",
    already: "The login page does not offer anyway",
  },
} as const;

/** `zitadel-idp activate` and `zitadel-idp deactivate`. */
export function switchCommand(context: Context, name: "activate" | "deactivate"): Command {
  const { what, done, already } = texts[name];
  const command = operatorCommand(name, what, [
    `${name} Google`,
    `${name} 69629023906488334 --org 69629012906488334 --create-policy`,
    `${name} Google --instance`,
  ])
    .argument("<id-or-name>", "the id or the name of the provider")
    .option(
      "--create-policy",
      "give an organization that has none a login policy of its own, as a copy of the instance's",
    );
  return withSharedOptions(command, { owner: true }).action(
    async (idOrName: string, options: Options) =>
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const { createPolicy } = options;
        const provider = await choose(providers, idOrName, "any", { signal });
        const result = await providers[name](provider.id, { signal, createPolicy }).catch(
          (error: unknown) => {
            // Twice does no harm.
            const again = [name, provider.id, ...(createPolicy ? ["--create-policy"] : [])];
            throw withNext(error, nextCommand(again, options));
          },
        );
        result.warnings.forEach((warning) => output.note(`warning: ${warning}`));
        if (result.policyCreated) {
          output.note(
            "note: the organization has a login policy of its own now; changes of the default do not reach it any more",
          );
        }
        output.result(
          { id: provider.id, ...result },
          () => `${result.changed ? done : already}: ${providerLabel(provider)}.`,
        );
      }),
  );
}
