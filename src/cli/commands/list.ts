import { type Command, InvalidArgumentError, Option } from "commander";
import type { IdentityProvider, ListFilter } from "../../providers/index.js";
import { legacyTypes } from "../../providers/model/legacy-types.js";
import type { CommandContext } from "../command-context.js";
import { createCommand } from "../create-command.js";
import { UsageError } from "../errors/usage-error.js";
import { type ListedProvider, listWithActive } from "../list-with-active.js";
import { collectValues } from "../options/collect-values.js";
import { providerTypeNames } from "../provider-type-names.js";
import { formatTable } from "../report/format-table.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";
import { withProviders } from "../with-providers.js";

interface ListCommandOptions extends SharedOptions {
  readonly name?: string;
  readonly contains?: string;
  readonly type: readonly IdentityProvider["type"][];
  readonly state?: IdentityProvider["state"];
  readonly owner?: "org" | "instance" | "any";
  readonly inherited?: boolean;
}

const listedTypes = [...providerTypeNames, ...legacyTypes, "unknown"];

/** Creates `zitadel-idp list`, which shows providers in a table. */
export function createListCommand(context: CommandContext): Command {
  const command = createCommand(
    "list",
    "List the providers of an organization, or of the instance with --instance.",
    [
      "list",
      "list --type oidc --type saml --contains acme",
      "list --instance --json",
      "list --inherited --profile staging",
    ],
  )
    .option("--name <name>", "only providers with exactly this name")
    .option("--contains <text>", "only providers whose name contains this text, in any case")
    .addOption(
      new Option("--type <type>", "only providers of this type; repeat for several")
        .choices(listedTypes)
        .default([], "all")
        .argParser((type, before: string[]) => {
          if (!listedTypes.includes(type)) {
            throw new InvalidArgumentError(`Allowed choices are ${listedTypes.join(", ")}.`);
          }
          return collectValues(type, before);
        }),
    )
    .addOption(
      new Option(
        "--state <state>",
        "only providers whose field state has this value; it does not show whether they are on the login page",
      ).choices(["active", "inactive", "unspecified"]),
    )
    .addOption(
      new Option(
        "--owner <owner>",
        "only providers that the organization (org) or the instance owns, or both (any); default: org",
      ).choices(["org", "instance", "any"]),
    )
    .option("--inherited", "include the instance's providers; same as --owner any");
  return addSharedOptions(command, { hasOwner: true }).action(
    async (options: ListCommandOptions) =>
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const filter = toListFilter(options);
        const listed = await listWithActive(providers, filter, signal, (count) =>
          output.progress(`${count} providers`),
        );
        listed.sort((a, b) => (a.type + a.name + a.id < b.type + b.name + b.id ? -1 : 1));
        output.result(listed, () => (listed.length === 0 ? "No providers." : toTable(listed)));
      }),
  );
}

function toTable(listed: readonly ListedProvider[]): string {
  return formatTable(
    ["ID", "TYPE", "NAME", "STATE", "OWNER", "LOGIN PAGE"],
    listed.map(({ id, type, name, state, owner, active }) => [
      id,
      type,
      name,
      state,
      owner,
      active ? "yes" : "no",
    ]),
  );
}

function toListFilter({
  name,
  contains,
  type,
  state,
  owner,
  inherited,
  instance,
}: ListCommandOptions): ListFilter {
  if (name !== undefined && contains !== undefined) {
    throw new UsageError("--name and --contains cannot be combined: pass one of them");
  }
  const ownerFilter = owner ?? (inherited ? "any" : undefined);
  if (instance && ownerFilter !== undefined) {
    throw new UsageError(
      "--owner and --inherited cannot be combined with --instance: leave them out",
    );
  }
  return {
    ...(name !== undefined && { name }),
    ...(contains !== undefined && { name: { contains, ignoreCase: true } }),
    ...(type.length > 0 && { type }),
    ...(state && { state }),
    ...(ownerFilter && { owner: ownerFilter }),
  };
}
