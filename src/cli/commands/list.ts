import { type Command, InvalidArgumentError, Option } from "commander";
import type { IdentityProvider, ListFilter } from "../../providers/index.js";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../report/failure-json.js";
import { providerTypeNames } from "../secret-field-names.js";
import {
  createCommand,
  type SharedOptions,
  withProviders,
  addSharedOptions,
} from "../shared-options.js";
import { collectValues } from "../options/field-options.js";
import { table } from "../report/format-table.js";

interface Options extends SharedOptions {
  readonly name?: string;
  readonly contains?: string;
  readonly type: readonly IdentityProvider["type"][];
  readonly state?: IdentityProvider["state"];
  readonly owner?: "org" | "instance" | "any";
  readonly inherited?: boolean;
}

const types = [...providerTypeNames, "legacyOidc", "legacyJwt", "unknown"];

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
        .choices(types)
        .default([], "all")
        .argParser((type, before: string[]) => {
          if (!types.includes(type)) {
            throw new InvalidArgumentError(`Allowed choices are ${types.join(", ")}.`);
          }
          return collectValues(type, before);
        }),
    )
    .addOption(
      new Option("--state <state>", "only providers in this state").choices([
        "active",
        "inactive",
        "unspecified",
      ]),
    )
    .addOption(
      new Option(
        "--owner <owner>",
        "only providers that the organization (org) or the instance owns, or both (any); default: org",
      ).choices(["org", "instance", "any"]),
    )
    .option("--inherited", "include the instance's providers; same as --owner any");
  return addSharedOptions(command, { owner: true }).action(
    async (options: Options) =>
      await withProviders(context, options, async ({ providers, output, signal }) => {
        const { ids } = await providers.active({ signal });
        const found: (IdentityProvider & { active: boolean })[] = [];
        for await (const provider of providers.list(filterOf(options), { signal })) {
          found.push({ ...provider, active: ids.includes(provider.id) });
          output.progress(`${found.length} providers`);
        }
        found.sort((a, b) => (a.type + a.name + a.id < b.type + b.name + b.id ? -1 : 1));
        output.result(found, () =>
          found.length === 0
            ? "No providers."
            : table(
                ["ID", "TYPE", "NAME", "STATE", "OWNER", "LOGIN PAGE"],
                found.map(({ id, type, name, state, owner, active }) => [
                  id,
                  type,
                  name,
                  state,
                  owner,
                  active ? "yes" : "no",
                ]),
              ),
        );
      }),
  );
}

function filterOf({
  name,
  contains,
  type,
  state,
  owner,
  inherited,
  instance,
}: Options): ListFilter {
  if (name !== undefined && contains !== undefined) {
    throw new UsageError("--name and --contains cannot be combined: pass one of them");
  }
  const whose = owner ?? (inherited ? "any" : undefined);
  if (instance && whose !== undefined) {
    throw new UsageError(
      "--owner and --inherited cannot be combined with --instance: leave them out",
    );
  }
  return {
    ...(name !== undefined && { name }),
    ...(contains !== undefined && { name: { contains, ignoreCase: true } }),
    ...(type.length > 0 && { type }),
    ...(state && { state }),
    ...(whose && { owner: whose }),
  };
}
