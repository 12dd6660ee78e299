import type { Command } from "commander";
import { formatPlan, plan } from "../../providers/index.js";
import { countActions } from "../../providers/plan/actions.js";
import { findConnection, withClient } from "../connection.js";
import { type Context, status } from "../context.js";
import { operatorCommand, withSharedOptions } from "../operator-command.js";
import { createOutput } from "../output.js";
import { addPlanOptions, type PlanFileOptions, planOptions } from "../plan-options.js";
import { isPlanText } from "../plan-file.js";
import { readDesired } from "../provider-file.js";
import { forceText, writeOutput } from "../write-output.js";

interface Options extends PlanFileOptions {
  readonly out?: string;
  readonly force?: boolean;
}

/** Creates `zitadel-idp plan`, which shows the changes that `apply` would make. */
export function planCommand(context: Context): Command {
  const command = operatorCommand(
    "plan",
    "Show the changes that apply would make, without making them. Exit status: 0 if there is nothing to do, 2 if there are changes to make, 1 on failure.",
    [
      "plan providers.yaml",
      "plan providers.yaml --out plan.json",
      'plan providers.yaml --rotate "Acme Login"',
    ],
  ).argument("<file>", "YAML or JSON file with the desired providers; - for standard input");
  addPlanOptions(command)
    .option(
      "--out <file>",
      "write the plan to this file, for apply --plan; overwrites an earlier plan",
    )
    .option("--force", forceText);
  return withSharedOptions(command, { owner: false }).action(
    async (file: string, options: Options) => {
      const output = createOutput(context, options);
      const connection = findConnection(context, options);
      const { value: desired, located } = await readDesired(context, file, [
        ...options.allowEnv,
        ...connection.allowEnv,
      ]);
      const limits = planOptions(context, file, desired, options, output);
      const made = await withClient(
        connection,
        async (client) =>
          await plan(client, desired, limits).catch((error: unknown) => {
            throw located(error);
          }),
      );
      if (options.out !== undefined) {
        const text = `${JSON.stringify(made, null, 2)}\n`;
        await writeOutput(context, options.out, text, {
          force: options.force,
          isReplaceable: isPlanText,
        });
      }
      output.result(made, () => formatPlan(made, { colour: output.isColoured }));
      if (countActions(made) > 0) {
        context.status = status.differs;
      }
    },
  );
}
