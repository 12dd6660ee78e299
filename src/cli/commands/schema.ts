import { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { formatExamples } from "../create-command.js";

/** Creates `zitadel-idp schema`, which prints the JSON Schema of the provider file for editors. */
export function createSchemaCommand(context: CommandContext): Command {
  return new Command("schema")
    .description("Print the JSON Schema of the provider file that plan and apply read.")
    .addHelpText("after", formatExamples(["schema > providers.schema.json"]))
    .action(async () => {
      // Load the JSON Schema on demand: no other command needs it.
      const { createDesiredSchema } = await import("../../providers/plan/desired-schema.js");
      context.stdout.write(`${JSON.stringify(createDesiredSchema(), null, 2)}\n`);
    });
}
