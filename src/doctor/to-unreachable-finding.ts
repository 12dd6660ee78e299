import type { NewFinding } from "./check-context.js";
import { UpstreamError, type UpstreamProblem } from "./upstream/upstream-error.js";

/** The problems that prove a mistake in the configuration. With any other problem, ZITADEL's own machine may still reach the server. */
const certainProblems: ReadonlySet<UpstreamProblem> = new Set([
  "unknown-host",
  "refused",
  "certificate",
  "no-tls",
  "invalid-url",
]);

/** A failed request, with the part of the configuration that it tested. */
interface FailedStep {
  /** The name of the check that needed the answer. */
  readonly check: string;
  readonly field?: string | undefined;
  /**
   * True for a public server that certainly works, such as Google's. If it does not answer, the network of this machine is at fault.
   */
  readonly isPublic?: boolean | undefined;
  /** The purpose of the URL, e.g. `the discovery document`. */
  readonly purpose: string;
  /** The word for the attempt. Default: `loaded`, as for a document. */
  readonly verb?: "loaded" | "reached";
}

/**
 * Returns the finding about an upstream that did not answer: `broken` for a certain mistake, such as a name without an address, and
 * `unchecked` if perhaps only this machine cannot reach it. A problem of its certificate has a check of its own. Rethrows errors that are
 * not an `UpstreamError`.
 */
export function toUnreachableFinding(
  error: unknown,
  { check, field, isPublic = false, purpose, verb = "loaded" }: FailedStep,
): NewFinding {
  if (!(error instanceof UpstreamError)) {
    throw error;
  }
  const { certificate } = error;
  const message = `${purpose} cannot be ${verb} from this machine: ${error.message}`;
  if (certificate !== undefined && !isPublic) {
    const { severity, fix, expiresAt } = certificate;
    return {
      severity,
      check: certificate.check,
      field,
      message,
      fix,
      isUnanswered: true,
      ...(expiresAt !== undefined && { expiresAt }),
    };
  }
  const isCertainProblem = certainProblems.has(error.problem);
  return {
    severity: isCertainProblem && !isPublic ? "broken" : "unchecked",
    check,
    field,
    message,
    fix:
      isPublic && isCertainProblem
        ? `check the network of this machine, or ${anotherMachine}`
        : fixes[error.problem],
    isUnanswered: true,
  };
}

const anotherMachine = "run the check from a machine in the network of ZITADEL";

const fixes: Readonly<Record<UpstreamProblem, string>> = {
  "unknown-host": `correct the name of the host; if only the network of ZITADEL knows it, ${anotherMachine}`,
  refused: `correct host and port, or start the server; if a firewall refuses this machine, ${anotherMachine}`,
  certificate:
    "renew or correct the certificate of the server; if its authority is your own, trust it in ZITADEL's container and here with --ca-file",
  "no-tls": "correct the port, or write http: if the server is meant to have no TLS",
  unreachable: `check firewalls and the VPN, or ${anotherMachine}`,
  proxy: "allow the host in the proxy, or run with --proxy, or with NO_PROXY for the host",
  redirect:
    "correct the URL, so that it needs no redirect; --allow-private follows redirects to private addresses",
  private:
    "correct the address in the configuration of the provider's server, or pass --allow-private if it is right",
  "too-large": "correct the URL: the documents that ZITADEL reads are not that long",
  "invalid-url": "correct the URL: it begins with https://",
  failed: "check the server and its logs, then run the check again",
};
