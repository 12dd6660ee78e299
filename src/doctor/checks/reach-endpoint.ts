import type { CheckContext, NewFinding } from "../check-context.js";
import { toUnreachableFinding } from "../report-unreachable.js";

/** An endpoint that is only asked for an answer, of any kind. */
interface EndpointToReach {
  readonly url: URL;
  readonly check: string;
  readonly field?: string | undefined;
  /** True for a server of a company that works. */
  readonly isPublic?: boolean | undefined;
  /** The purpose of the URL, e.g. `the token endpoint`. */
  readonly purpose: string;
}

/**
 * Sends a GET without parameters to an endpoint. Returns the status, or reports the reason if there is no answer: as a `note` if only
 * this machine may be unable to reach it, because no other check needs the answer.
 */
export async function reachEndpoint(
  { url, check, field, isPublic, purpose }: EndpointToReach,
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
