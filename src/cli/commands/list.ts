import { type Command, InvalidArgumentError, Option } from "commander";
import type { IdentityProvider, ListFilter } from "../../providers/index.js";
import type { Context } from "../context.js";
import { UsageError } from "../failure.js";
import { typeNames } from "../fields.js";
import {
  operatorCommand,
  type OperatorOptions,
  withProviders,
  withSharedOptions,
} from "../operator-command.js";
import { collect } from "../settings.js";
import { table } from "../table.js";

interface Options extends OperatorOptions {
  readonly name?: string;
  readonly contains?: string;
  readonly type: readonly IdentityProvider["type"][];
  readonly state?: IdentityProvider["state"];
  readonly owner?: "org" | "instance" | "any";
  readonly inherited?: boolean;
}

const types = [...typeNames, "legacyOidc", "legacyJwt", "unknown"];

/** `zitadel-idp list`: the providers in a table. */
export function listCommand(context: Context): Command {
  const command = operatorCommand("list", "List providers.", [
    "list",
    "list --type oidc --type saml --contains acme",
    "list --instance --json",
    "list --inherited --profile staging",
  ])
    .option("--name <name>", "those with exactly this name")
    .option("--contains <text>", "those whose name has this in it, in upper or lower case")
    .addOption(
      new Option("--type <type>", "those of this type; again for several")
        .choices(types)
        .default([], "all")
        .argParser((type, before: string[]) => {
          if (!types.includes(type)) {
            throw new InvalidArgumentError(`Allowed choices are ${types.join(", ")}.`);
          }
          return collect(type, before);
        }),
    )
    .addOption(
      new Option("--state <state>", "those in this state").choices([
        "active",
        "inactive",
        "unspecified",
      ]),
    )
    .addOption(
      new Option(
        "--owner <owner>",
        "of an organization: what it owns, the instance's, or both",
      ).choices(["org", "instance", "any"]),
    )
    .option("--inherited", "with those of the instance: the same as --owner any");
  return withSharedOptions(command, { owner: true }).action(
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
                ["ID", "TYPE", "NAME", "STATE", "OWNER", "OFFERED"],
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
    throw new UsageError("--name and --contains do not go together");
  }
  const whose = owner ?? (inherited ? "any" : undefined);
  if (instance && whose !== undefined) {
    throw new UsageError("--owner and --inherited are for organizations, not for --instance");
  }
  return {
    ...(name !== undefined && { name }),
    ...(contains !== undefined && { name: { contains, ignoreCase: true } }),
    ...(type.length > 0 && { type }),
    ...(state && { state }),
    ...(whose && { owner: whose }),
  };
}
