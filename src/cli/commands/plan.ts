import type { Command } from "commander";
import { formatPlan, plan } from "../../providers/index.js";
import { actionCount } from "../../providers/plan/actions.js";
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

/** `zitadel-idp plan`: what `apply` would do. */
export function planCommand(context: Context): Command {
  const command = operatorCommand(
    "plan",
    "Show what is to be done for providers to be as a file says. Exits with 0 if there is nothing, 2 if there is something, 1 if it failed.",
    [
      "plan providers.yaml",
      "plan providers.yaml --out plan.json",
      'plan providers.yaml --rotate "Acme Login"',
    ],
  ).argument("<file>", "providers as they should be, in YAML or JSON; - for standard input");
  addPlanOptions(command)
    .option("--out <file>", "keep the plan for apply --plan; an earlier plan is replaced")
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
      if (actionCount(made) > 0) {
        context.status = status.differs;
      }
    },
  );
}
