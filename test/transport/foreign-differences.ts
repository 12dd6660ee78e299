import { Code } from "zitadel-idp";

/** The facts about a call that must not depend on the transport. */
export interface CallFacts {
  readonly code?: Code | "ok" | undefined;
  readonly reason?: string | undefined;
  readonly outcome?: string | undefined;
  readonly attempts?: number | undefined;
  readonly httpStatus?: number | undefined;
  readonly id?: string | undefined;
  /** True if the error has a hint on its cause, besides the advice after a write of unknown outcome. */
  readonly hasHint?: boolean | undefined;
  /** The number of requests that reached the server. */
  readonly requests?: number | undefined;
}

/** A promise of the client that it cannot keep over some transports. A row of docs/other-transports.md. */
export interface Difference {
  readonly transports: readonly string[];
  readonly difference: string;
  readonly consequence: string;
  /** The facts that differ from those of our own transport, by case: for a write (`add`) and for a read (`list`). */
  readonly cases: Readonly<Record<string, { readonly add?: CallFacts; readonly list?: CallFacts }>>;
}

/** The facts about a response that does not come from ZITADEL, as Connect's transports report it. */
const withoutSource: CallFacts = { reason: undefined, httpStatus: undefined };
/** The facts about such a response whose hint is missing, too. */
const unexplained: CallFacts = { ...withoutSource, hasHint: false };
const once: CallFacts = { attempts: 1, requests: 1 };
const unknown: CallFacts = { outcome: "unknown" };

export const differences: readonly Difference[] = [
  {
    transports: ["connect-node", "connect-web"],
    difference: "Of a response that a proxy sent, only the code and a short text remain.",
    consequence:
      "The error has no `reason`, `httpStatus` and hint. Calls are not retried after a 429 or 502. A write that the proxy rejected has the outcome `unknown`.",
    cases: {
      "a proxy's 403": { add: { ...unexplained, ...unknown }, list: unexplained },
      "a proxy's 429": {
        add: { ...unexplained, ...unknown, ...once },
        list: { ...unexplained, ...once },
      },
      "a proxy's 502": { add: unexplained, list: { ...unexplained, ...once } },
    },
  },
  {
    transports: ["connect-node"],
    difference: "A web page in place of a response becomes an error of the code `unknown`.",
    consequence: "The error has no `reason`, `httpStatus` and hint.",
    cases: { "a web page": { add: unexplained, list: unexplained } },
  },
  {
    transports: ["connect-web"],
    difference:
      "A web page in place of a response becomes an error of the code `invalid_argument`.",
    consequence:
      "The error has no `reason`, `httpStatus` and hint, and looks like an error about the request.",
    cases: {
      "a web page": {
        add: { ...unexplained, code: Code.InvalidArgument },
        list: { ...unexplained, code: Code.InvalidArgument },
      },
    },
  },
  {
    transports: ["connect-node", "connect-web"],
    difference: "A response without its end becomes an error of the code `invalid_argument`.",
    consequence: "The error looks like an error about the request, and reads are not retried.",
    cases: {
      "a response without its end": {
        add: { ...withoutSource, code: Code.InvalidArgument },
        list: { ...withoutSource, ...once, code: Code.InvalidArgument },
      },
    },
  },
  {
    transports: ["connect-node"],
    difference:
      "A call that the server refused to begin (REFUSED_STREAM, or a GOAWAY that excludes the call) looks like a broken connection.",
    consequence: "A write is not retried, and has the outcome `unknown`. Reads are retried.",
    cases: {
      "a refused stream": { add: { ...unknown, ...once } },
      "a GOAWAY that excludes the call": { add: { ...unknown, ...once } },
    },
  },
  {
    transports: ["createRouterTransport"],
    difference: "The error of a route does not show that it comes from ZITADEL.",
    consequence:
      "A rejected write has the outcome `unknown`. Reads are not retried when ZITADEL is unavailable.",
    cases: {
      "a rejection": { add: unknown },
      "a token that is not valid": { add: unknown },
      "an unavailable ZITADEL": { list: once },
      "a deadline that passes in ZITADEL": { list: once },
    },
  },
];
