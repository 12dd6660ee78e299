import type { CertificateProblem } from "../certificates/find-host-certificate-problem.js";

/**
 * The reason why a request to an upstream got no usable answer.
 *
 * - `unknown-host`: the name has no address
 * - `refused`: nothing listens at the port
 * - `certificate`: the certificate of the server is not trusted, not valid today, or for other names
 * - `no-tls`: the port has no TLS
 * - `unreachable`: no route, or no answer in time
 * - `proxy`: the forward proxy of this machine refused
 * - `redirect`: a redirect that must not be followed: to a private address, to `http:`, or after too many others
 * - `private`: a public server names a private address, to which nothing is sent
 * - `too-large`: the answer is longer than the limit
 * - `invalid-url`: the URL cannot be requested
 * - `failed`: anything else, such as a connection that broke
 */
export type UpstreamProblem =
  | "unknown-host"
  | "refused"
  | "certificate"
  | "no-tls"
  | "unreachable"
  | "proxy"
  | "redirect"
  | "private"
  | "too-large"
  | "invalid-url"
  | "failed";

/** Options of an `UpstreamError`. */
interface UpstreamErrorOptions extends ErrorOptions {
  readonly certificate?: CertificateProblem | undefined;
}

/** The error of a request to an upstream that got no usable answer. */
export class UpstreamError extends Error {
  readonly problem: UpstreamProblem;
  /** The problem of the certificate, if it is the reason and the certificate could be read. */
  readonly certificate: CertificateProblem | undefined;

  constructor(problem: UpstreamProblem, message: string, options?: UpstreamErrorOptions) {
    super(message, options);
    this.name = "UpstreamError";
    this.problem = problem;
    this.certificate = options?.certificate;
  }
}
