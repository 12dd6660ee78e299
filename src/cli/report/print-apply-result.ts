import type { ActionResult, ApplyResult } from "../../providers/index.js";
import { describeOwner } from "../../providers/plan/labels.js";
import { printable } from "../../utils/printable.js";
import type { Output } from "../output.js";
import { formatActionResult } from "./format-action-result.js";
import { formatFailure } from "./format-failure.js";
import { toFailureJson } from "./to-failure-json.js";

/** Prints the result of each action and the duplicates. Without a result, there was nothing to do. */
export function printApplyResult(
  result: ApplyResult | undefined,
  duplicateTexts: readonly string[],
  output: Output,
): void {
  const { ok, results, duplicates }: ApplyResult = result ?? { ok: true, results: [] };
  const json = results.map(({ error, ...rest }) => ({
    ...rest,
    ...(error !== undefined && { error: toFailureJson(error) }),
  }));
  output.result({ ok, results: json, ...(duplicates && { duplicates }) }, () =>
    result === undefined
      ? ""
      : ["", ...results.map(formatResult), ...duplicateTexts, formatSummary(results)].join("\n"),
  );
}

function formatResult({ status, action, owner, id, error, warnings = [] }: ActionResult): string {
  const isNew = action.action === "create" && id !== undefined;
  const line = printable(
    `${formatActionResult(action, status)}${isNew ? ` (${id})` : ""}, ${describeOwner(owner)}`,
  );
  const warningLines = warnings.map((warning) => `    warning: ${printable(warning)}`);
  return error === undefined
    ? [line, ...warningLines].join("\n")
    : `${line}\n${formatFailure(error, false).trimEnd().replace(/^/gm, "    ")}`;
}

function formatSummary(results: readonly ActionResult[]): string {
  const count = (status: ActionResult["status"]): number =>
    results.filter((result) => result.status === status).length;
  const counts = (["done", "failed", "skipped"] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${status}`);
  return results.length === 0 ? "Nothing was left to do." : `${counts.join(", ")}.`;
}
