import type { Command } from "commander";
import { isDesiredProvider } from "../../providers/plan/desired/desired-entry.js";
import { type ExportOptions, exportOwner } from "../../providers/plan/export-owner.js";
import { escapeQuotedText } from "../../utils/printable.js";
import type { CommandContext } from "../command-context.js";
import { findConnection } from "../connection/find-connection.js";
import { withClient } from "../with-client.js";
import { createCommand } from "../create-command.js";
import { formatExportedYaml, toExportedJson, toExportedState } from "../documents/export-yaml.js";
import { createExistingStateStore } from "../documents/state-file-store.js";
import { forceDescription, writeOutputFile } from "../files/write-output-file.js";
import { createOutput } from "../output.js";
import { displayPath } from "../secrets/display-path.js";
import { formatLeftOutNote } from "../documents/format-left-out.js";
import { addSharedOptions, type SharedOptions } from "../shared-options.js";

interface ExportCommandOptions extends SharedOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly ids?: boolean;
  readonly active: boolean;
  readonly schema: string;
  readonly state?: string;
}

/** Creates `zitadel-idp export`, which writes the current providers as a file for `plan` and `apply`. */
export function createExportCommand(context: CommandContext): Command {
  const command = createCommand(
    "export",
    "Export the current providers as a file for plan and apply. The file has no secrets, because ZITADEL does not return them, and no legacy IDPs, whose names it lists in a comment.",
    [
      "export > providers.yaml",
      "export --instance --out instance.yaml",
      "export --json | jq '.organization.providers[].name'",
    ],
  )
    .option("--out <file>", "write to this file instead of standard output")
    .option("--force", forceDescription)
    .option(
      "--ids",
      "include the id of each provider; default: only if type and name are not unique",
    )
    .option(
      "--no-active",
      "leave out the field active, so that apply does not change the providers on the login page",
    )
    .option(
      "--state <file>",
      "state file of an earlier apply, for the dates at which secrets expire; default: none, and the file has no dates",
    )
    .option(
      "--schema <url>",
      "URL or path of the schema for editors, as printed by zitadel-idp schema",
      "node_modules/zitadel-idp/dist/providers.schema.json",
    );
  return addSharedOptions(command, { hasOwner: true }).action(
    async (options: ExportCommandOptions) => {
      const { out, force, ids, active, schema, instance, state: stateFile } = options;
      const output = createOutput(context, options);
      const owner = { owner: instance ? ("instance" as const) : ("org" as const) };
      const exportOptions: ExportOptions = {
        ids,
        active,
        signal: context.signal,
        ...(stateFile !== undefined && { state: { store: createExistingStateStore(stateFile) } }),
      };
      const exported = await withClient(
        findConnection(context, options),
        async (client) => await exportOwner(client, owner, exportOptions),
      );
      const { desired, leftOut } = exported;
      const state = toExportedState(instance ? "instance" : "organization", desired);
      const json = toExportedJson(state, leftOut);
      const text = output.isJson
        ? `${escapeQuotedText(JSON.stringify(json, null, 2))}\n`
        : formatExportedYaml(state, leftOut, schema);
      if (out === undefined) {
        output.result(json, () => text);
      } else {
        await writeOutputFile(context, out, text, { force });
        const count = desired.providers.filter(isDesiredProvider).length;
        output.note(`Wrote ${count} providers to ${displayPath(out)}.`);
      }
      leftOut.forEach((provider) => output.note(formatLeftOutNote(provider)));
    },
  );
}
