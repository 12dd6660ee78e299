import type { Command } from "commander";
import { formatPlan, plan } from "../../providers/index.js";
import { countActions } from "../../providers/plan/actions.js";
import type { CommandContext } from "../command-context.js";
import { withClient } from "../with-client.js";
import { createCommand } from "../create-command.js";
import { isPlanText } from "../documents/plan-file.js";
import { exitStatus } from "../exit-status.js";
import { forceDescription, writeOutputFile } from "../files/write-output-file.js";
import { createPlanOptions } from "../options/create-plan-options.js";
import { addPlanFileOptions, type PlanFileOptions } from "../options/plan-file-options.js";
import { readPlanInput } from "../read-plan-input.js";
import { printPlanWarnings } from "../report/print-plan-warnings.js";
import { addSharedOptions } from "../shared-options.js";

interface PlanCommandOptions extends PlanFileOptions {
  readonly out?: string;
  readonly force?: boolean;
}

/** Creates `zitadel-idp plan`, which shows the changes that `apply` would make. */
export function createPlanCommand(context: CommandContext): Command {
  const command = createCommand(
    "plan",
    "Show the changes that apply would make, without making them. Exit status: 0 if there is nothing to do, 2 if there are changes to make, 1 on failure.",
    [
      "plan providers.yaml",
      "plan providers.yaml --out plan.json",
      'plan providers.yaml --rotate "Acme Login"',
    ],
  ).argument("<file>", "YAML or JSON file with the desired providers; - for standard input");
  addPlanFileOptions(command)
    .option(
      "--out <file>",
      "write the plan to this file, for apply --plan; overwrites an earlier plan",
    )
    .option("--force", forceDescription);
  return addSharedOptions(command, { hasOwner: false }).action(
    async (file: string, options: PlanCommandOptions) => {
      const input = await readPlanInput(context, file, options);
      const { output, connection, desired, locateError } = input;
      const planOptions = await createPlanOptions(context, file, input, options);
      const newPlan = await withClient(
        connection,
        async (client) =>
          await plan(client, desired, planOptions).catch((error: unknown) => {
            throw locateError(error);
          }),
      );
      if (options.out !== undefined) {
        const text = `${JSON.stringify(newPlan, null, 2)}\n`;
        await writeOutputFile(context, options.out, text, {
          force: options.force,
          isReplaceable: isPlanText,
        });
      }
      output.result(newPlan, () => formatPlan(newPlan, { colour: output.isColoured }));
      printPlanWarnings(newPlan, output);
      if (countActions(newPlan) > 0) {
        context.status = exitStatus.differs;
      }
    },
  );
}
