import type { RuleFinding } from "./lint-rule.js";

/** Returns a finding as a list if a condition holds, otherwise an empty list. */
export function reportIf(condition: boolean, finding: RuleFinding): RuleFinding[] {
  return condition ? [finding] : [];
}
