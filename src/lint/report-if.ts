import type { RuleFinding } from "./lint-rule.js";

/** Returns a list with the finding if the condition holds, otherwise an empty list. */
export function reportIf(condition: boolean, finding: RuleFinding): RuleFinding[] {
  return condition ? [finding] : [];
}
