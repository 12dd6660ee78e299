import { first, type HeaderList, type WireRequest, type WireResponse } from "./exchange.js";

interface CorsRule {
  readonly methods: readonly string[];
  /** The allowed headers, in lower case. */
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

/** The CORS rule of the server's gRPC-web layer. It allows no header for a deadline. */
export const grpcWebCors: CorsRule = {
  methods: ["GET", "POST", "HEAD"],
  headers: [...common, "u-a"],
  maxAgeSeconds: 600,
};

/** The CORS rule for everything else: REST, and preflights that do not ask for `x-grpc-web`. */
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

/** The headers of a REST response that scripts of another origin may read. */
export const restExposedHeaders =
  "Location, Content-Length, Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin";

/** Returns the headers that allow the origin of a request. The server allows every origin and echoes it. */
export function allowOrigin(request: WireRequest): HeaderList {
  const origin = first(request.headers, "origin");
  return origin === undefined
    ? []
    : [
        ["access-control-allow-origin", origin],
        ["access-control-allow-credentials", "true"],
      ];
}

/** Returns true if a request is a CORS preflight. */
export function isPreflight({ method, headers }: WireRequest): boolean {
  return (
    method === "OPTIONS" &&
    first(headers, "origin") !== undefined &&
    first(headers, "access-control-request-method") !== undefined
  );
}

/**
 * Creates the response to a preflight: always 204. The response to a rejected preflight only lacks the `access-control-allow-*`
 * headers.
 */
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

/** Returns true if names are sorted. Browsers send the list sorted and in lower case, and the server accepts no other order. */
function inOrder(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] ?? "") < name);
}
