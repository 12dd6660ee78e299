import type { IdpClient } from "zitadel-idp";
import { apply, type DesiredState, plan, type PlanOptions } from "zitadel-idp/providers";
import { ended, start } from "../support/program.js";

/** One action of a run, as the run reported it. */
export interface RunAction {
  readonly status: "done" | "failed" | "skipped";
  readonly kind: string;
  readonly id: string | undefined;
  readonly type: string | undefined;
  /** The name after the action. */
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

/** Carries out `plan` and `apply` as programs do. A test may put a wrong one in its place. */
export type ApplyInProcess = typeof applyInProcess;

export async function applyInProcess(
  client: IdpClient,
  desired: DesiredState,
  options: PlanOptions,
  operation: string,
): Promise<RunReport> {
  try {
    const planned = await plan(client, desired, options);
    return reportOf(operation, await apply(client, planned, desired, options));
  } catch (error) {
    return failedRun(operation, error);
  }
}

/** The command line of one process, and the moment of its death. */
export interface ApplyProcess {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which the process is killed. Undefined: never. */
  readonly killAfterMs: number | undefined;
}

/** Runs `zitadel-idp apply` in a process of its own. */
export async function applyInProcessOfItsOwn(
  { args, env, killAfterMs }: ApplyProcess,
  operation: string,
): Promise<RunReport> {
  const child = start("dist/node/cli/main.js", ["apply", ...args, "--yes", "--json"], env);
  const timer =
    killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  const { status, stdout, stderr } = await ended(child);
  clearTimeout(timer);
  if (status === null) {
    return { ...failedRun(operation, undefined), isKilled: true };
  }
  if (stdout !== "") {
    return reportOf(operation, JSON.parse(stdout) as AnyResult);
  }
  // Notes come before it. Anything else is the death of the process by an error that nobody caught.
  const json = /^\{\s*"error":[^]*/m.exec(stderr)?.[0];
  if (json === undefined) {
    throw new Error(`${operation} ended with ${status}: ${stderr}`);
  }
  const { error } = JSON.parse(json) as { error: { outcome?: string; message: string } };
  return failedRun(operation, error);
}

/** Builds the report of a run that failed as a whole. */
export function failedRun(operation: string, error: unknown): RunReport {
  const { outcome, message } = (error ?? {}) as { outcome?: string; message?: string };
  const thrown = { outcome, text: String(message ?? error) };
  return { operation, ok: false, actions: [], duplicates: [], thrown, isKilled: false };
}

/** The parts of an `ApplyResult` that its JSON has too. */
interface AnyResult {
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

function reportOf(operation: string, { ok, results, duplicates = [] }: AnyResult): RunReport {
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
