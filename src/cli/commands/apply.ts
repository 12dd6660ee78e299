import type { Command } from "commander";
import type { IdpClient } from "../../index.js";
import {
  apply,
  type ApplyResult,
  formatPlan,
  plan,
  type Plan,
  type PlanOptions,
} from "../../providers/index.js";
import { countActions } from "../../providers/plan/actions.js";
import type { CommandContext } from "../command-context.js";
import { confirm } from "../confirm.js";
import { withClient } from "../with-client.js";
import { createCommand } from "../create-command.js";
import { readPlanFile } from "../documents/plan-file.js";
import { exitStatus } from "../exit-status.js";
import { withStateLock } from "../lock/with-state-lock.js";
import { createPlanOptions } from "../options/create-plan-options.js";
import { addLockTimeoutOption, type LockTimeoutOptions } from "../options/lock-timeout-option.js";
import {
  addPlanFileOptions,
  type PlanFileOptions,
  resolveStatePath,
} from "../options/plan-file-options.js";
import { type PlanInput, readPlanInput } from "../read-plan-input.js";
import { formatDuplicate } from "../report/format-duplicate.js";
import { printApplyResult } from "../report/print-apply-result.js";
import { printPlanWarnings } from "../report/print-plan-warnings.js";
import { addSharedOptions } from "../shared-options.js";

interface ApplyCommandOptions extends PlanFileOptions, LockTimeoutOptions {
  readonly plan?: string;
  readonly yes?: boolean;
}

/** Creates `zitadel-idp apply`, which changes providers to match a file. */
export function createApplyCommand(context: CommandContext): Command {
  const command = createCommand(
    "apply",
    "Change providers to match a file. Shows the plan and asks before it changes anything. After a failure, run it again. Exit status: 0 if the providers match the file, 1 on failure, 3 if another run holds the lock of the state file.",
    [
      "apply providers.yaml",
      "apply providers.yaml --plan plan.json --yes",
      "apply providers.yaml --profile staging --rotate Google",
    ],
  ).argument("<file>", "YAML or JSON file with the desired providers; - for standard input");
  addLockTimeoutOption(addPlanFileOptions(command))
    .option(
      "--plan <file>",
      "apply the plan that plan --out wrote; fails if other changes are needed now",
    )
    .option("-y, --yes", "apply without asking")
    .addHelpText("after", concurrencyHelp);
  return addSharedOptions(command, { hasOwner: false }).action(
    async (file: string, options: ApplyCommandOptions) => {
      const input = await readPlanInput(context, file, options);
      const { output, connection } = input;
      const savedPlan = options.plan === undefined ? undefined : readPlanFile(options.plan);
      const planOptions = await createPlanOptions(context, file, input, options);
      const result = await withStateLock(
        context,
        resolveStatePath(file, options),
        { timeoutMs: options.lockTimeout * 1000, output },
        async () =>
          await withClient(connection, async (client, explain) => {
            const applied = await planAndApply(context, client, input, {
              savedPlan,
              planOptions,
              yes: options.yes,
            });
            await explain(applied?.results.find(({ error }) => error !== undefined)?.error);
            return applied;
          }),
      );
      const duplicates = result?.duplicates ?? [];
      const duplicateTexts = duplicates.map((each) => formatDuplicate(each, file, options));
      printApplyResult(result, duplicateTexts, output);
      if (result?.ok === false) {
        context.signal.throwIfAborted();
        context.status = exitStatus.failed;
      }
    },
  );
}

/** The choices of a run of `apply`. */
interface ApplyChoices {
  /** The plan of `--plan`. Undefined to make a plan. */
  readonly savedPlan: Plan | undefined;
  readonly planOptions: PlanOptions;
  /** True to apply the plan without asking. */
  readonly yes: boolean | undefined;
}

/** Shows the plan, asks for confirmation, and applies the plan. Returns undefined if there is nothing to do. */
async function planAndApply(
  context: CommandContext,
  client: IdpClient,
  { output, desired, locateError }: PlanInput,
  { savedPlan, planOptions, yes }: ApplyChoices,
): Promise<ApplyResult | undefined> {
  try {
    const nextPlan = savedPlan ?? (await plan(client, desired, planOptions));
    output.endProgress();
    if (!output.isJson) {
      context.stdout.write(`${formatPlan(nextPlan, { colour: output.isColoured })}\n`);
    }
    printPlanWarnings(nextPlan, output);
    if (countActions(nextPlan) === 0) {
      // Only the state may change, which keeps the dates at which secrets expire.
      await apply(client, nextPlan, desired, planOptions);
      return undefined;
    }
    await confirm(context, "Apply this plan?", yes);
    return await apply(client, nextPlan, desired, planOptions);
  } catch (error) {
    throw locateError(error);
  }
}

const concurrencyHelp = `
Two runs at the same time:
  With a common state file, on this machine or a shared disk, only one run proceeds: it holds FILE.state.json.lock.
  Another run waits --lock-timeout seconds (0 by default), and then fails with exit status 3 and names the holder.
  apply takes over the lock of a process of this machine that has ended; zitadel-idp unlock removes other locks.
  Without a common state file (--no-state, standard input, separate machines), each run checks for duplicates right
  before each add and again at the end. If another run added the same provider, this run fails and names the provider
  to delete. ZITADEL itself has no lock, so two adds within the same fraction of a second are reported, not prevented.`;
