import type { RuleFinding } from "./lint-rule.js";

/** Returns a finding as a list if a condition holds, otherwise an empty list. */
export function findingIf(condition: boolean, finding: RuleFinding): RuleFinding[] {
  return condition ? [finding] : [];
}
