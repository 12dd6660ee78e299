import { ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { findTlsProblem } from "../../hints/find-tls-problem.js";
import { listErrorCodes } from "../../utils/error-codes.js";
import { isError } from "../../utils/is-error.js";
import { listCauses } from "../../utils/list-causes.js";
import { UpstreamError, type UpstreamProblem } from "./upstream-error.js";

/** Converts the error of a request into an `UpstreamError`. Its message names the host, but never the credentials of a proxy. */
export function toUpstreamError(error: unknown, { host, hostname }: URL): UpstreamError {
  if (error instanceof UpstreamError) {
    return error;
  }
  const chain = isError(error) ? [error, ...listCauses(error)] : [];
  const proxy = chain.find((each) => AttemptError.factsOf(each).forwardProxy !== undefined);
  if (proxy !== undefined) {
    const text = proxy instanceof ConnectError ? proxy.rawMessage : proxy.message;
    return new UpstreamError("proxy", text, { cause: error });
  }
  const codes = listErrorCodes(chain);
  const tls = findTlsProblem({ codes, causes: chain.map(({ message }) => message) });
  if (tls !== undefined) {
    return new UpstreamError(tls === "no-tls" ? "no-tls" : "certificate", tlsTexts[tls](host), {
      cause: error,
    });
  }
  const code = codes.find((each) => Object.hasOwn(networkProblems, each)) ?? "";
  const [problem, text] = networkProblems[code] ?? [
    "failed",
    "does not answer like an HTTP server",
  ];
  const name = problem === "unknown-host" ? hostname : host;
  const [detail] = codes.filter((each) => /^[A-Z][A-Z_0-9]+$/.test(each));
  return new UpstreamError(problem, `${name} ${text}${detail ? ` (${detail})` : ""}`, {
    cause: error,
  });
}

type TlsProblem = NonNullable<ReturnType<typeof findTlsProblem>>;

const tlsTexts: Readonly<Record<TlsProblem, (host: string) => string>> = {
  "no-tls": (host) => `${host} does not accept TLS`,
  "client-certificate": (host) => `${host} requires a client certificate`,
  "other-name": (host) => `the certificate of ${host} is for other names`,
  date: (host) => `the certificate of ${host} is expired or not yet valid`,
  distrusted: (host) =>
    `the certificate of ${host} is not signed by an authority that this machine trusts`,
};

/** The problems and texts by error code of Node.js and undici. */
const networkProblems: Readonly<Record<string, readonly [UpstreamProblem, string]>> = {
  ENOTFOUND: ["unknown-host", "has no address"],
  EAI_AGAIN: ["unreachable", "could not be resolved by the DNS of this machine"],
  ECONNREFUSED: ["refused", "does not accept connections"],
  EHOSTUNREACH: ["unreachable", "is not reachable from this machine"],
  ENETUNREACH: ["unreachable", "is not reachable from this machine"],
  ETIMEDOUT: ["unreachable", "does not answer in time"],
  UND_ERR_CONNECT_TIMEOUT: ["unreachable", "does not answer in time"],
  ECONNRESET: ["failed", "broke the connection"],
  UND_ERR_SOCKET: ["failed", "broke the connection"],
  EPIPE: ["failed", "broke the connection"],
};
