import type { CheckContext } from "../../check-context.js";

/** Reports that the redirect URIs could not be checked. */
export function reportCallbackUnchecked(report: CheckContext["report"], reason: string): void {
  report({
    severity: "unchecked",
    check: "callback/unchecked",
    message: `the redirect URIs are not checked: ${reason}`,
    fix: "correct this and run the check again, or test a sign-in",
  });
}
