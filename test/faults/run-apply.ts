import type { IdpClient } from "zitadel-idp";
import { apply, type DesiredState, plan, type PlanOptions } from "zitadel-idp/providers";
import { waitForExit, start } from "../support/program.js";

/** An action in the report of a run. */
export interface RunAction {
  readonly status: "done" | "failed" | "skipped";
  readonly kind: string;
  readonly id: string | undefined;
  readonly type: string | undefined;
  /** The name of the provider after the action. */
  readonly name: string | undefined;
  readonly outcome: string | undefined;
  readonly isWarned: boolean;
}

/** The report of a run of `apply`. */
export interface RunReport {
  readonly operation: string;
  readonly ok: boolean;
  readonly actions: readonly RunAction[];
  readonly duplicates: readonly { readonly type: string; readonly name: string }[];
  /** Set if the run failed as a whole. */
  readonly thrown: { readonly outcome: string | undefined; readonly text: string } | undefined;
  /** True if the process was killed, so that it reported nothing. */
  readonly isKilled: boolean;
}

/** A function that plans and applies. Tests of the campaign pass a wrong one in place of `runApply`. */
export type RunApply = typeof runApply;

/** Calls `plan` and `apply`, and returns the report of the run. */
export async function runApply(
  client: IdpClient,
  desired: DesiredState,
  options: PlanOptions,
  operation: string,
): Promise<RunReport> {
  try {
    const planned = await plan(client, desired, options);
    return createReport(operation, await apply(client, planned, desired, options));
  } catch (error) {
    return createFailedReport(operation, error);
  }
}

/** The command line of a process, and the time at which it is killed. */
export interface ApplyCommand {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which the process is killed. Undefined: never. */
  readonly killAfterMs: number | undefined;
}

/** Runs `zitadel-idp apply` in a process, and returns the report that it prints. */
export async function runApplyCommand(
  { args, env, killAfterMs }: ApplyCommand,
  operation: string,
): Promise<RunReport> {
  const child = start("dist/node/cli/main.js", ["apply", ...args, "--yes", "--json"], env);
  const timer =
    killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const { status, stdout, stderr } = await waitForExit(child);
  clearTimeout(timer);
  if (status === null) {
    return { ...createFailedReport(operation, undefined), isKilled: true };
  }
  if (stdout !== "") {
    return createReport(operation, JSON.parse(stdout) as ApplyResultJson);
  }
  // Notes may come before the JSON. Without JSON, an uncaught error ended the process.
  const json = /^\{\s*"error":[^]*/m.exec(stderr)?.[0];
  if (json === undefined) {
    throw new Error(`${operation} ended with ${status}: ${stderr}`);
  }
  const { error } = JSON.parse(json) as { error: { outcome?: string; message: string } };
  return createFailedReport(operation, error);
}

/** Returns the report of a run that failed as a whole. */
export function createFailedReport(operation: string, error: unknown): RunReport {
  const { outcome, message } = (error ?? {}) as { outcome?: string; message?: string };
  const thrown = { outcome, text: String(message ?? error) };
  return { operation, ok: false, actions: [], duplicates: [], thrown, isKilled: false };
}

/** The fields of an `ApplyResult` that are also in the JSON of the command. */
interface ApplyResultJson {
  readonly ok: boolean;
  readonly results: readonly {
    readonly status: "done" | "failed" | "skipped";
    readonly action: {
      readonly action: string;
      readonly provider?:
        | { readonly type: string; readonly name: string; readonly id?: string | undefined }
        | undefined;
      readonly changes?: readonly { readonly field: string; readonly to: unknown }[] | undefined;
    };
    readonly id?: string | undefined;
    readonly error?: unknown;
    readonly warnings?: readonly string[] | undefined;
  }[];
  readonly duplicates?: RunReport["duplicates"] | undefined;
}

function createReport(
  operation: string,
  { ok, results, duplicates = [] }: ApplyResultJson,
): RunReport {
  const actions = results.map(({ status, action, id, error, warnings }): RunAction => {
    const { provider, changes = [] } = action;
    const renamed = changes.find(({ field }) => field === "name")?.to;
    return {
      status,
      kind: action.action,
      id: id ?? provider?.id,
      type: provider?.type,
      name: typeof renamed === "string" ? renamed : provider?.name,
      outcome: (error as { outcome?: string } | undefined)?.outcome,
      isWarned: (warnings?.length ?? 0) > 0,
    };
  });
  return { operation, ok, actions, duplicates, thrown: undefined, isKilled: false };
}
