import type { Command } from "commander";
import { choose } from "../find-by-id-or-name.js";
import { confirm } from "../confirm.js";
import type { CommandContext } from "../command-context.js";
import { UsageError, addNextCommand } from "../report/failure-json.js";
import { formatNextCommand } from "../next-command.js";
import {
  createCommand,
  type SharedOptions,
  withProviders,
  addSharedOptions,
} from "../shared-options.js";
import { readUserIds } from "../documents/read-user-ids.js";
import { formatProviderLabel } from "../report/format-provider.js";

interface Options extends SharedOptions {
  readonly users?: string;
  readonly evenIfLinked?: boolean;
  readonly yes?: boolean;
}

/** Creates `zitadel-idp delete`, which shows a provider and asks before it deletes the provider. */
export function createDeleteCommand(context: CommandContext): Command {
  const command = createCommand(
    "delete",
    "Delete a provider. Users with an account at the provider can no longer sign in with it.",
    [
      'delete "Acme Login"',
      "delete 69629023906488334 --users users.txt --yes",
      "delete Google --users - --yes < users.txt",
    ],
  )
    .argument("<id-or-name>", "id or name of the provider")
    .option(
      "--users <file>",
      "keep the provider if any of these users is linked to it: a file with one user id per line; - for standard input",
    )
    .option("--even-if-linked", "delete the provider even if some of these users are linked to it")
    .option("-y, --yes", "delete without asking");
  return addSharedOptions(command, { owner: true }).action(
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
                readUserIds(context, file, (count) => {
                  asked = count;
                  output.progress(`checking user ${count}`);
                }),
                { signal },
              );
        output.endProgress();
        if (linked !== undefined && asked === 0) {
          throw new UsageError(
            "--users contains no user ids: add one per line, or leave --users out to delete the provider without this check",
          );
        }
        const isRefused = linked !== undefined && linked > 0 && !evenIfLinked;
        if (isRefused) {
          throw new Error(
            `${linked} of the users in --users sign in with ${formatProviderLabel(provider)} and could no longer do so: pass --even-if-linked to delete it anyway`,
          );
        }
        await confirm(
          context,
          [
            `Delete ${formatProviderLabel(provider)}?`,
            `  ${ids.includes(provider.id) ? "It is on the login page." : "It is not on the login page."}`,
            linked === undefined
              ? "  It may have linked users: pass --users to check."
              : `  Linked users in --users: ${linked}.`,
            "This cannot be undone.",
          ].join("\n"),
          yes,
        );
        const result = await providers
          .delete(provider.id, { signal, evenIfLinked: true })
          .catch((error: unknown) => {
            throw addNextCommand(error, formatNextCommand(["get", provider.id], options));
          });
        output.result(
          { ...result, type: provider.type, ...(linked !== undefined && { linkedUsers: linked }) },
          () => `Deleted ${formatProviderLabel(provider)}.`,
        );
      }),
  );
}
