import type { Command } from "commander";
import type { IdpClient } from "../../index.js";
import {
  type ActionResult,
  apply,
  type ApplyResult,
  formatPlan,
  plan,
} from "../../providers/index.js";
import { countActions } from "../../providers/plan/actions.js";
import { describeOwner } from "../../providers/plan/labels.js";
import { printable } from "../../utils/printable.js";
import { actionResultText } from "../action-result-text.js";
import { confirm } from "../confirm.js";
import { findConnection, withClient } from "../connection.js";
import { type Context, status } from "../context.js";
import { duplicateText } from "../duplicate-text.js";
import { failureJson, failureText } from "../failure.js";
import { operatorCommand, withSharedOptions } from "../operator-command.js";
import { createOutput, type Output } from "../output.js";
import { readPlan } from "../plan-file.js";
import { addPlanOptions, type PlanFileOptions, planOptions, statePath } from "../plan-options.js";
import { readDesired } from "../provider-file.js";
import { addLockOptions, type LockTimeoutOptions, withStateLock } from "../with-state-lock.js";

interface Options extends PlanFileOptions, LockTimeoutOptions {
  readonly plan?: string;
  readonly yes?: boolean;
}

/** Creates `zitadel-idp apply`, which changes providers to match a file. */
export function applyCommand(context: Context): Command {
  const command = operatorCommand(
    "apply",
    "Change providers to match a file. Shows the plan and asks before it changes anything. After a failure, run it again.",
    [
      "apply providers.yaml",
      "apply providers.yaml --plan plan.json --yes",
      "apply providers.yaml --profile staging --rotate Google",
    ],
  ).argument("<file>", "YAML or JSON file with the desired providers; - for standard input");
  addLockOptions(addPlanOptions(command))
    .option("--plan <file>", "apply this plan from plan --out; fails if it no longer fits")
    .option("-y, --yes", "apply without asking")
    .addHelpText("after", protection);
  return withSharedOptions(command, { owner: false }).action(
    async (file: string, options: Options) => {
      const output = createOutput(context, options);
      const connection = findConnection(context, options);
      const { value: desired, located } = await readDesired(context, file, [
        ...options.allowEnv,
        ...connection.allowEnv,
      ]);
      const kept = options.plan === undefined ? undefined : readPlan(options.plan);
      const limits = planOptions(context, file, desired, options, output);
      const work = async (client: IdpClient): Promise<ApplyResult | undefined> => {
        try {
          const made = kept ?? (await plan(client, desired, limits));
          output.endProgress();
          if (!output.isJson) {
            const text = formatPlan(made, { colour: output.isColoured });
            context.stdout.write(`${text}\n`);
          }
          if (countActions(made) === 0) {
            return undefined;
          }
          await confirm(context, "Apply this plan?", options.yes);
          return await apply(client, made, desired, limits);
        } catch (error) {
          throw located(error);
        }
      };
      const result = await withStateLock(
        context,
        statePath(file, options),
        options,
        output,
        async () => await withClient(connection, work),
      );
      const duplicates = (result?.duplicates ?? []).map((each) =>
        duplicateText(each, file, options),
      );
      tell(result ?? { ok: true, results: [] }, duplicates, output, result !== undefined);
      if (result?.ok === false) {
        if (context.signal.aborted) {
          throw context.signal.reason;
        }
        context.status = status.failed;
      }
    },
  );
}

const protection = `
Two runs at the same time:
  With a common state file, on this machine or a shared disk, only one run proceeds: it holds FILE.state.json.lock.
  Another run waits --lock-timeout seconds (0 by default), and then fails with exit status 3 and names the holder.
  apply takes over the lock of a process of this machine that has ended; zitadel-idp unlock removes other locks.
  Without a common state file (--no-state, standard input, separate machines), each run checks for duplicates right
  before each add and again at the end. If another run added the same provider, this run fails and names the provider
  to delete. ZITADEL itself has no lock, so two adds within the same fraction of a second are reported, not prevented.`;

function tell(
  { ok, results, duplicates }: ApplyResult,
  duplicateTexts: readonly string[],
  output: Output,
  isDone: boolean,
): void {
  const json = results.map(({ error, ...result }) => ({
    ...result,
    ...(error !== undefined && { error: failureJson(error) }),
  }));
  output.result({ ok, results: json, ...(duplicates && { duplicates }) }, () =>
    isDone ? ["", ...results.map(resultText), ...duplicateTexts, summary(results)].join("\n") : "",
  );
}

function resultText({
  status: became,
  action,
  owner,
  id,
  error,
  warnings = [],
}: ActionResult): string {
  const isNew = action.action === "create" && id !== undefined;
  const line = printable(
    `${actionResultText(action, became)}${isNew ? ` (${id})` : ""}, ${describeOwner(owner)}`,
  );
  const warned = warnings.map((warning) => `    warning: ${printable(warning)}`);
  return error === undefined
    ? [line, ...warned].join("\n")
    : `${line}\n${failureText(error, false).trimEnd().replace(/^/gm, "    ")}`;
}

function summary(results: readonly ActionResult[]): string {
  const count = (of: ActionResult["status"]): number =>
    results.filter(({ status: became }) => became === of).length;
  const counts = (["done", "failed", "skipped"] as const)
    .filter((each) => count(each) > 0)
    .map((each) => `${count(each)} ${each}`);
  return results.length === 0 ? "Nothing was left to do." : `${counts.join(", ")}.`;
}
