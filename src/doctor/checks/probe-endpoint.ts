import type { CheckContext, NewFinding } from "../check-context.js";
import { toUnreachableFinding } from "../to-unreachable-finding.js";

/** An endpoint from which any answer is enough. */
interface ProbedEndpoint {
  readonly url: URL;
  readonly check: string;
  readonly field?: string | undefined;
  /** True for a public server that certainly works. */
  readonly isPublic?: boolean | undefined;
  /** The purpose of the URL, e.g. `the token endpoint`. */
  readonly purpose: string;
}

/**
 * Sends a GET without parameters to an endpoint. Returns the status. If there is no answer, reports the reason and returns undefined. If
 * perhaps only this machine cannot reach the endpoint, the report is a `note`, because no other check needs the answer.
 */
export async function probeEndpoint(
  { url, check, field, isPublic, purpose }: ProbedEndpoint,
  { upstream, report }: Pick<CheckContext, "upstream" | "report">,
): Promise<number | undefined> {
  try {
    const { status } = await upstream.request(url.href, { followRedirects: false });
    return status;
  } catch (error) {
    const finding: NewFinding = toUnreachableFinding(error, {
      check,
      field,
      isPublic,
      purpose: `${purpose} ${url.href}`,
    });
    report(finding.severity === "unchecked" ? { ...finding, severity: "note" } : finding);
    return undefined;
  }
}
