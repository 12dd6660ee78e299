import type { Command } from "commander";
import { choose } from "../choose.js";
import { confirm } from "../confirm.js";
import type { Context } from "../context.js";
import { UsageError, withNext } from "../failure.js";
import { nextCommand } from "../next-command.js";
import {
  operatorCommand,
  type OperatorOptions,
  withProviders,
  withSharedOptions,
} from "../operator-command.js";
import { userIds } from "../user-ids.js";
import { providerLabel } from "../shown-provider.js";

interface Options extends OperatorOptions {
  readonly users?: string;
  readonly evenIfLinked?: boolean;
  readonly yes?: boolean;
}

/** `zitadel-idp delete`: after a look at what it is, and a question. */
export function deleteCommand(context: Context): Command {
  const command = operatorCommand(
    "delete",
    "Delete a provider. Who has an account there can no longer sign in with it.",
    [
      'delete "Acme Login"',
      "delete 69629023906488334 --users users.txt --yes",
      "delete Google --users - --yes < users.txt",
    ],
  )
    .argument("<id-or-name>", "the id or the name of the provider")
    .option("--users <file>", "ids of users to ask about, one a line; - for standard input")
    .option("--even-if-linked", "also if some of these users have an account there")
    .option("-y, --yes", "do not ask");
  return withSharedOptions(command, { owner: true }).action(
    async (idOrName: string, options: Options) =>
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const provider = await choose(providers, idOrName, "own", { signal });
        const { ids } = await providers.active({ signal });
        const { users: file, evenIfLinked = false, yes } = options;
        let asked = 0;
        const linked =
          file === undefined
            ? undefined
            : await providers.countLinkedUsers(
                provider.id,
                userIds(context, file, (count) => {
                  asked = count;
                  output.progress(`asking about user ${count}`);
                }),
                { signal },
              );
        output.endProgress();
        if (linked !== undefined && asked === 0) {
          throw new UsageError(
            "--users has no id of a user, so that nobody was asked about: leave it out to delete the provider without asking",
          );
        }
        const isRefused = linked !== undefined && linked > 0 && !evenIfLinked;
        if (isRefused) {
          throw new Error(
            `${linked} of the users have an account at ${providerLabel(provider)} and could not sign in with it any more; --even-if-linked deletes it all the same`,
          );
        }
        await confirm(
          context,
          [
            `Delete ${providerLabel(provider)}?`,
            `  ${ids.includes(provider.id) ? "The login page offers it." : "The login page does not offer it."}`,
            linked === undefined
              ? "  Nobody can tell who has an account there, unless you give --users."
              : `  Linked users among those given: ${linked}.`,
            "There is no way back.",
          ].join("\n"),
          yes,
        );
        const result = await providers
          .delete(provider.id, { signal, evenIfLinked: true })
          .catch((error: unknown) => {
            throw withNext(error, nextCommand(["get", provider.id], options));
          });
        output.result(
          { ...result, type: provider.type, ...(linked !== undefined && { linkedUsers: linked }) },
          () => `Deleted ${providerLabel(provider)}.`,
        );
      }),
  );
}
