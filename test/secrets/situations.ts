import type { CallOptions } from "@connectrpc/connect";
import { Code, type IdpClientOptions } from "zitadel-idp";
import { badGateway, type Emulator, type FaultRule, tooManyRequests } from "zitadel-idp/emulator";
import { echoResponses, echoHeader } from "./echo-server.js";
import { toSentBytes, quotes } from "./quotes.js";
import { requestErrors, createThrowingInterceptor, createThrowingFetch } from "./request-errors.js";

/** The wire protocols, each over a port of the emulator, or by the emulator's `fetch`. */
export const channels = ["grpc", "grpc-web", "json", "grpc-web by fetch", "json by fetch"] as const;
export type Channel = (typeof channels)[number];

/** The servers that a situation can call, and the tokens for them. */
export interface SituationServers {
  readonly emulator: Emulator;
  /** The addresses of servers, for the version of HTTP that a protocol needs. */
  readonly url: Readonly<
    Record<"emulator" | "unreachable" | "silent" | "secured" | "tls", string>
  > & {
    readonly echo: { readonly 1: string; readonly 2: string };
  };
  /** Tokens with all permissions, and one without any. */
  readonly tokens: { readonly owners: readonly string[]; readonly withoutRoles: string };
}

/** One call of a situation. */
export interface SituationCall {
  readonly channel: Channel;
  readonly secret: unknown;
  readonly token: string;
  /** The number of the call within its situation. */
  readonly index: number;
}

/** A situation that calls are put into. */
export interface Situation {
  readonly name: string;
  readonly channels?: readonly Channel[];
  /** The number of RPCs to call over each channel, in turn. Undefined means all, including secrets of wrong types. */
  readonly calls: number | "all" | "secrets";
  readonly wrongTypes?: boolean;
  readonly options?: (
    servers: SituationServers,
    channel: Channel,
    index: number,
  ) => Partial<IdpClientOptions>;
  readonly call?: (attempt: SituationCall) => CallOptions;
  readonly fault?: (attempt: SituationCall) => FaultRule["fault"];
  /** True if calls can succeed in this situation. */
  readonly maySucceed?: boolean;
}

const overPorts: readonly Channel[] = ["grpc", "grpc-web", "json"];
const byFetch: readonly Channel[] = ["grpc-web by fetch", "json by fetch"];
const overFetch: readonly Channel[] = ["grpc-web", "json"];
const quoteNames = Object.keys(quotes);

const connectTo =
  (url: keyof Omit<SituationServers["url"], "echo">) =>
  ({ url: addresses }: SituationServers): Partial<IdpClientOptions> => ({
    baseUrl: addresses[url],
    fetch: undefined,
  });

const faults: readonly (readonly [name: string, fault: FaultRule["fault"]])[] = [
  ["a dropped connection", { type: "drop" }],
  ["a lost response", { type: "drop", when: "after" }],
  ["a reset connection", { type: "reset" }],
  ["a GOAWAY", { type: "goaway" }],
  ["a GOAWAY during a call", { type: "goaway", call: "lost" }],
  ["a refused stream", { type: "refused-stream" }],
  ["a body that ends too early", { type: "truncate" }],
  ["a truncated body", { type: "truncate", end: "clean" }],
  ["an expired deadline", { type: "expired-deadline" }],
  ["a stale token", { type: "stale-token" }],
  ["a rate limit", tooManyRequests({ retryAfterSeconds: 0 })],
  ["a bad gateway", badGateway()],
];

/** All situations. */
export const situations: readonly Situation[] = [
  {
    name: "accepted or rejected by ZITADEL",
    calls: "all",
    maySucceed: true,
    channels: overPorts,
  },
  {
    name: "accepted or rejected by the emulator's fetch",
    calls: 10,
    maySucceed: true,
    channels: byFetch,
  },
  {
    name: "rejected for a missing permission",
    calls: 12,
    options: ({ tokens }) => ({ auth: tokens.withoutRoles }),
  },
  {
    name: "rejected for a wrong organization",
    calls: 4,
    options: () => ({ orgId: "4711" }),
  },
  {
    name: "values of wrong types",
    calls: 18,
    wrongTypes: true,
    maySucceed: true,
    channels: overPorts,
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
    channels: overPorts,
    fault: ({ secret, token, index }) => {
      const quote = quotes[quoteNames[index % quoteNames.length] ?? ""];
      const text = `${quote?.(toSentBytes(secret)) ?? ""} and ${quote?.(Buffer.from(token)) ?? ""}`;
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
    name: "a temporary error that quotes the secret, in all attempts",
    calls: 8,
    options: () => ({ retry: { maxAttempts: 3, initialPauseMs: 0, maxPauseMs: 0 } }),
    fault: ({ secret, token }) => {
      const text = `${quotes["as it is"]?.(toSentBytes(secret)) ?? ""} ${token}`;
      return { type: "status", code: Code.Unavailable, message: `lost ${text}` };
    },
  },
  ...Object.keys(echoResponses).map((echo): Situation => ({
    name: `echo: ${echo}`,
    // Over the three protocols together, each echo uses each quotation once.
    calls: Math.ceil(quoteNames.length / 3),
    channels: overPorts,
    options: ({ url }, channel) => ({
      baseUrl: url.echo[channel === "grpc" ? 2 : 1],
      fetch: undefined,
    }),
    call: ({ index, channel }) => {
      const quote = quoteNames[(index * 3 + overPorts.indexOf(channel)) % quoteNames.length];
      return { headers: { [echoHeader]: `${echo}; ${quote}` } };
    },
  })),
  {
    name: "a refused connection",
    calls: 4,
    channels: overPorts,
    options: connectTo("unreachable"),
  },
  { name: "TLS on a plain port", calls: 4, channels: overPorts, options: connectTo("tls") },
  {
    name: "a certificate that is not trusted",
    calls: 4,
    channels: overPorts,
    options: connectTo("secured"),
  },
  {
    name: "a deadline",
    calls: 3,
    channels: overPorts,
    options: connectTo("silent"),
    call: () => ({ timeoutMs: 5 }),
  },
  {
    name: "an abort",
    calls: 3,
    channels: overPorts,
    options: connectTo("silent"),
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
      headers: { "x-a": `${quotes["as it is"]?.(toSentBytes(secret)) ?? ""}\r\n${token}\u0000` },
    }),
  },
  {
    name: "an invalid header name",
    calls: 3,
    call: ({ token }) => ({ headers: { [`${token} {}`]: "x" } }),
  },
  ...Object.keys(requestErrors).flatMap((thrower): Situation[] => [
    {
      name: `an interceptor throws ${thrower}`,
      calls: 2,
      channels: overPorts,
      options: (_stage, _way, index) => ({
        interceptors: [createThrowingInterceptor(thrower, index % 2 === 0 ? "before" : "after")],
      }),
    },
    {
      name: `fetch throws ${thrower}`,
      calls: 1,
      channels: overFetch,
      options: () => ({ fetch: createThrowingFetch(thrower) }),
    },
  ]),
];
