import type { CallOptions } from "@connectrpc/connect";
import { Code, type IdpClientOptions } from "zitadel-idp";
import { badGateway, type Emulator, type FaultRule, tooManyRequests } from "zitadel-idp/emulator";
import { echoes, echoHeader } from "./echo-server.js";
import { bytesOf, quotes } from "./quotes.js";
import { throwers, throwing, throwingFetch } from "./throwers.js";

/** A wire protocol, and the choice between a port and the emulator's `fetch`. */
export const ways = ["grpc", "grpc-web", "json", "grpc-web by fetch", "json by fetch"] as const;
export type Way = (typeof ways)[number];

/** The RPCs to call. */
export interface Stage {
  readonly emulator: Emulator;
  /** The addresses of servers, for the version of HTTP that a protocol needs. */
  readonly url: Readonly<
    Record<"emulator" | "unreachable" | "silent" | "secured" | "tls", string>
  > & {
    readonly echo: { readonly 1: string; readonly 2: string };
  };
  /** Tokens with all permissions, and one without any. */
  readonly tokens: { readonly owners: readonly string[]; readonly nobody: string };
}

/** One call of a situation. */
export interface Attempt {
  readonly way: Way;
  readonly secret: unknown;
  readonly token: string;
  /** The number of the call within its situation. */
  readonly index: number;
}

/** A situation that calls are put into. */
export interface Situation {
  readonly name: string;
  readonly ways?: readonly Way[];
  /** The number of RPCs to call over each way, in turn. Undefined means all, including secrets of wrong types. */
  readonly calls: number | "all" | "secrets";
  readonly wrongTypes?: boolean;
  readonly options?: (stage: Stage, way: Way, index: number) => Partial<IdpClientOptions>;
  readonly call?: (attempt: Attempt) => CallOptions;
  readonly fault?: (attempt: Attempt) => FaultRule["fault"];
  /** True if calls can succeed in this situation. */
  readonly maySucceed?: boolean;
}

const overPorts: readonly Way[] = ["grpc", "grpc-web", "json"];
const byFetch: readonly Way[] = ["grpc-web by fetch", "json by fetch"];
const overFetch: readonly Way[] = ["grpc-web", "json"];
const quoteNames = Object.keys(quotes);

const at =
  (url: keyof Omit<Stage["url"], "echo">) =>
  ({ url: addresses }: Stage): Partial<IdpClientOptions> => ({
    baseUrl: addresses[url],
    fetch: undefined,
  });

const faults: readonly (readonly [name: string, fault: FaultRule["fault"]])[] = [
  ["a dropped connection", { type: "drop" }],
  ["a lost answer", { type: "drop", when: "after" }],
  ["a reset connection", { type: "reset" }],
  ["a GOAWAY", { type: "goaway" }],
  ["a GOAWAY in the midst of a call", { type: "goaway", call: "lost" }],
  ["a refused stream", { type: "refused-stream" }],
  ["a body that ends too early", { type: "truncate" }],
  ["a body that was cut", { type: "truncate", end: "clean" }],
  ["an expired deadline", { type: "expired-deadline" }],
  ["a stale token", { type: "stale-token" }],
  ["a limit", tooManyRequests({ retryAfterSeconds: 0 })],
  ["a gateway", badGateway()],
];

/** All situations. */
export const situations: readonly Situation[] = [
  {
    name: "served or refused by ZITADEL",
    calls: "all",
    maySucceed: true,
    ways: overPorts,
  },
  {
    name: "served or refused by the emulator's fetch",
    calls: 10,
    maySucceed: true,
    ways: byFetch,
  },
  {
    name: "refused for want of permission",
    calls: 12,
    options: ({ tokens }) => ({ auth: tokens.nobody }),
  },
  {
    name: "refused for a wrong organization",
    calls: 4,
    options: () => ({ orgId: "4711" }),
  },
  {
    name: "values of wrong types",
    calls: 18,
    wrongTypes: true,
    maySucceed: true,
    ways: overPorts,
  },
  ...faults.map(([name, fault]): Situation => ({
    name,
    calls: 2,
    fault: () => fault,
    maySucceed: true,
  })),
  {
    name: "an error of ZITADEL that quotes the secret",
    calls: 26,
    ways: overPorts,
    fault: ({ secret, token, index }) => {
      const quote = quotes[quoteNames[index % quoteNames.length] ?? ""];
      const text = `${quote?.(bytesOf(secret)) ?? ""} and ${quote?.(Buffer.from(token)) ?? ""}`;
      return {
        type: "status",
        code: Code.InvalidArgument,
        // The emulator's log shows the test's own text.
        id: "QUOTE-1",
        message: `got ${text}.`,
      };
    },
  },
  {
    name: "an error in passing that quotes the secret, until the client gives up",
    calls: 8,
    options: () => ({ retry: { maxAttempts: 3, initialPauseMs: 0, maxPauseMs: 0 } }),
    fault: ({ secret, token }) => {
      const text = `${quotes["as it is"]?.(bytesOf(secret)) ?? ""} ${token}`;
      return { type: "status", code: Code.Unavailable, message: `lost ${text}` };
    },
  },
  ...Object.keys(echoes).map((echo): Situation => ({
    name: `echo: ${echo}`,
    // With three protocols, each quotes in each way.
    calls: Math.ceil(quoteNames.length / 3),
    ways: overPorts,
    options: ({ url }, way) => ({ baseUrl: url.echo[way === "grpc" ? 2 : 1], fetch: undefined }),
    call: ({ index, way }) => {
      const quote = quoteNames[(index * 3 + overPorts.indexOf(way)) % quoteNames.length];
      return { headers: { [echoHeader]: `${echo}; ${quote}` } };
    },
  })),
  { name: "a refused connection", calls: 4, ways: overPorts, options: at("unreachable") },
  { name: "TLS on a plain port", calls: 4, ways: overPorts, options: at("tls") },
  { name: "a certificate that is not trusted", calls: 4, ways: overPorts, options: at("secured") },
  {
    name: "a deadline",
    calls: 3,
    ways: overPorts,
    options: at("silent"),
    call: () => ({ timeoutMs: 5 }),
  },
  {
    name: "an abort",
    calls: 3,
    ways: overPorts,
    options: at("silent"),
    call: () => ({ signal: AbortSignal.timeout(5) }),
  },
  {
    name: "an abort before the call",
    calls: 2,
    call: () => ({ signal: AbortSignal.abort() }),
  },
  {
    name: "a header of a call with line breaks",
    calls: 3,
    call: ({ secret, token }) => ({
      headers: { "x-a": `${quotes["as it is"]?.(bytesOf(secret)) ?? ""}\r\n${token}\u0000` },
    }),
  },
  {
    name: "a name of a header that is none",
    calls: 3,
    call: ({ token }) => ({ headers: { [`${token} {}`]: "x" } }),
  },
  ...Object.keys(throwers).flatMap((thrower): Situation[] => [
    {
      name: `an interceptor throws ${thrower}`,
      calls: 2,
      ways: overPorts,
      options: (_stage, _way, index) => ({
        interceptors: [throwing(thrower, index % 2 === 0 ? "before" : "after")],
      }),
    },
    {
      name: `fetch throws ${thrower}`,
      calls: 1,
      ways: overFetch,
      options: () => ({ fetch: throwingFetch(thrower) }),
    },
  ]),
];
