import { Command } from "commander";
import type { Context } from "../context.js";
import { examplesText } from "../operator-command.js";

/** `zitadel-idp schema`: for editors. */
export function schemaCommand(context: Context): Command {
  return new Command("schema")
    .description("Print the JSON Schema of the file that plan and apply take.")
    .addHelpText("after", examplesText(["schema > providers.schema.json"]))
    .action(async () => {
      const { desiredSchema } = await import("../../providers/plan/schema.js");
      context.stdout.write(`${JSON.stringify(desiredSchema(), null, 2)}\n`);
    });
}
