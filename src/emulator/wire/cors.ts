import { first, type HeaderList, type WireRequest, type WireResponse } from "./exchange.js";

interface CorsRule {
  readonly methods: readonly string[];
  /** In lower case. */
  readonly headers: readonly string[];
  readonly maxAgeSeconds?: number;
}

const common = [
  "accept",
  "accept-language",
  "authorization",
  "content-type",
  "origin",
  "x-grpc-web",
  "x-user-agent",
  "x-zitadel-orgid",
];

/** The gRPC-web layer's own list. A deadline header is not on it. */
export const grpcWebCors: CorsRule = {
  methods: ["GET", "POST", "HEAD"],
  headers: [...common, "u-a"],
  maxAgeSeconds: 600,
};

/** Everything else: REST, and preflights that do not ask for `x-grpc-web`. */
export const restCors: CorsRule = {
  methods: ["OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  headers: [
    ...common,
    "connect-protocol-version",
    "connect-timeout-ms",
    "grpc-timeout",
    "x-requested-with",
  ],
};

/** What scripts of another origin may read of a REST answer. */
export const restExposedHeaders =
  "Location, Content-Length, Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin";

/** Any origin is allowed, and told back. */
export function allowOrigin(request: WireRequest): HeaderList {
  const origin = first(request.headers, "origin");
  return origin === undefined
    ? []
    : [
        ["access-control-allow-origin", origin],
        ["access-control-allow-credentials", "true"],
      ];
}

/** Whether a request is a CORS preflight. */
export function isPreflight({ method, headers }: WireRequest): boolean {
  return (
    method === "OPTIONS" &&
    first(headers, "origin") !== undefined &&
    first(headers, "access-control-request-method") !== undefined
  );
}

/** The answer to a preflight: 204 in any case; refused ones only lack the `access-control-allow-*` headers. */
export function preflight(request: WireRequest, rule: CorsRule): WireResponse {
  const method = first(request.headers, "access-control-request-method") ?? "";
  const asked = first(request.headers, "access-control-request-headers") ?? "";
  const names = asked === "" ? [] : asked.split(/, ?/);
  const allowed =
    rule.methods.includes(method) &&
    inOrder(names) &&
    names.every((name) => rule.headers.includes(name));
  const granted: [string, string][] = [["access-control-allow-methods", method]];
  if (asked !== "") {
    granted.push(["access-control-allow-headers", asked]);
  }
  if (rule.maxAgeSeconds !== undefined) {
    granted.push(["access-control-max-age", String(rule.maxAgeSeconds)]);
  }
  return {
    status: 204,
    headers: [
      ["vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"],
      ...(allowed ? [...allowOrigin(request), ...granted] : []),
    ],
  };
}

/** Browsers send the list sorted and in lower case; the server takes it in no other order. */
function inOrder(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] ?? "") < name);
}
