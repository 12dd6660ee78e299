import type { Command } from "commander";
import type { IdentityProvider } from "../../providers/index.js";
import type { CommandContext } from "../command-context.js";
import { confirm } from "../confirm.js";
import { createCommand } from "../create-command.js";
import { readUserIds } from "../documents/read-user-ids.js";
import { addNextCommand } from "../errors/unfinished-error.js";
import { UsageError } from "../errors/usage-error.js";
import { findToChange } from "../find-by-id-or-name.js";
import { formatNextCommand } from "../format-next-command.js";
import { formatProviderLabel } from "../report/format-provider.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";
import { type ProviderSession, withProviders } from "../with-providers.js";

interface DeleteCommandOptions extends SharedOptions {
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
      "keep the provider if any of these users is linked to it: a file with one user id per line; - for standard input. An unknown id is an error.",
    )
    .option(
      "--even-if-linked",
      "with --users: delete the provider even if some of these users are linked to it",
    )
    .option("-y, --yes", "delete without asking");
  return addSharedOptions(command, { hasOwner: true }).action(
    async (idOrName: string, options: DeleteCommandOptions) => {
      if (options.evenIfLinked && options.users === undefined) {
        throw new UsageError(
          "--even-if-linked needs --users: add it, or leave --even-if-linked out to delete the provider without this check",
        );
      }
      await withProviders(context, options, async (session) => {
        const { providers, output, signal } = session;
        const provider = await findToChange(providers, idOrName, { signal });
        const { ids } = await providers.active({ signal });
        const linkedUsers = await countLinkedUsersInFile(context, session, provider, options.users);
        if (linkedUsers !== undefined && linkedUsers > 0 && !options.evenIfLinked) {
          throw new Error(
            `${linkedUsers} of the users in --users sign in with ${formatProviderLabel(provider)} and could no longer do so: pass --even-if-linked to delete it anyway`,
          );
        }
        const question = formatDeleteQuestion(provider, ids.includes(provider.id), linkedUsers);
        await confirm(context, question, options.yes);
        const result = await providers
          .delete(provider.id, { signal, evenIfLinked: true })
          .catch((error: unknown) => {
            throw addNextCommand(error, formatNextCommand(["get", provider.id], options));
          });
        output.result(
          { ...result, type: provider.type, ...(linkedUsers !== undefined && { linkedUsers }) },
          () => `Deleted ${formatProviderLabel(provider)}.`,
        );
      });
    },
  );
}

/** Returns the number of users in the file of `--users` that are linked to a provider. Undefined without a file. */
async function countLinkedUsersInFile(
  context: CommandContext,
  { providers, output, signal }: ProviderSession,
  provider: IdentityProvider,
  file: string | undefined,
): Promise<number | undefined> {
  if (file === undefined) {
    return undefined;
  }
  let checkedUsers = 0;
  const users = readUserIds(context, file, (count) => {
    checkedUsers = count;
    output.progress(`checking user ${count}`);
  });
  const linkedUsers = await providers.countLinkedUsers(provider.id, users, { signal });
  output.endProgress();
  if (checkedUsers === 0) {
    throw new UsageError(
      "--users contains no user ids: add one per line, or leave --users out to delete the provider without this check",
    );
  }
  return linkedUsers;
}

function formatDeleteQuestion(
  provider: IdentityProvider,
  isActive: boolean,
  linkedUsers: number | undefined,
): string {
  return [
    `Delete ${formatProviderLabel(provider)}?`,
    isActive ? "  It is on the login page." : "  It is not on the login page.",
    linkedUsers === undefined
      ? "  It may have linked users: pass --users to check."
      : `  Linked users in --users: ${linkedUsers}.`,
    "This cannot be undone.",
  ].join("\n");
}
