import type { Command } from "commander";
import { formatPlan, plan } from "../../providers/index.js";
import { actionCount } from "../../providers/plan/actions.js";
import { findConnection, withClient } from "../connection/find-connection.js";
import { type CommandContext, status } from "../command-context.js";
import { createCommand, addSharedOptions } from "../shared-options.js";
import { createOutput } from "../output.js";
import { addPlanFileOptions, type PlanFileOptions, createPlanOptions } from "../options/plan-file-options.js";
import { isPlanText } from "../documents/plan-file.js";
import { readDesiredState } from "../documents/provider-file.js";
import { forceOptionText, writeOutputFile } from "../files/write-output-file.js";

interface Options extends PlanFileOptions {
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
    .option("--force", forceOptionText);
  return addSharedOptions(command, { owner: false }).action(
    async (file: string, options: Options) => {
      const output = createOutput(context, options);
      const connection = findConnection(context, options);
      const { value: desired, locateError } = await readDesiredState(context, file, [
        ...options.allowEnv,
        ...connection.allowEnv,
      ]);
      const limits = createPlanOptions(context, file, desired, options, output);
      const made = await withClient(
        connection,
        async (client) =>
          await plan(client, desired, limits).catch((error: unknown) => {
            throw locateError(error);
          }),
      );
      if (options.out !== undefined) {
        const text = `${JSON.stringify(made, null, 2)}\n`;
        await writeOutputFile(context, options.out, text, {
          force: options.force,
          isReplaceable: isPlanText,
        });
      }
      output.result(made, () => formatPlan(made, { colour: output.isColoured }));
      if (actionCount(made) > 0) {
        context.status = status.differs;
      }
    },
  );
}
