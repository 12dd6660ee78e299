import { corsRequestHeaders, jsonCorsRequestHeaders } from "../../zitadel/cors-headers.js";
import {
  findFirstHeader,
  type HeaderField,
  type HeaderList,
  type WireRequest,
  type WireResponse,
} from "./http-message.js";

interface CorsRule {
  readonly methods: readonly string[];
  /** The allowed headers, in lower case. */
  readonly headers: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** The CORS rule of the server's gRPC-web layer. It allows no header for a deadline. */
export const grpcWebCors: CorsRule = {
  methods: ["GET", "POST", "HEAD"],
  headers: [...corsRequestHeaders, "u-a"],
  maxAgeSeconds: 600,
};

/** The response headers of REST that a page of another origin can read. */
export const restExposedHeaders: string =
  "Location, Content-Length, Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin";

/** The CORS rule for REST, and for preflights that do not ask for `x-grpc-web`. */
export const restCors: CorsRule = {
  methods: ["OPTIONS", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  headers: [...corsRequestHeaders, ...jsonCorsRequestHeaders],
};

/** The CORS rule of the server's OAuth layer, which lacks the headers for deadlines and organizations. */
export const oauthCors: CorsRule = {
  methods: ["GET", "HEAD", "POST"],
  headers: [
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "origin",
    "x-requested-with",
  ],
};

/** Returns the headers that allow the origin of a request. The server allows every origin and echoes it. */
export function createAllowOriginHeaders(request: WireRequest): HeaderList {
  const origin = findFirstHeader(request.headers, "origin");
  return origin === undefined
    ? []
    : [
        ["access-control-allow-origin", origin],
        ["access-control-allow-credentials", "true"],
      ];
}

/** Returns the header that lets scripts of another origin read the named response headers. Empty for other requests. */
export function createExposeHeaders({ headers }: WireRequest, names: string): HeaderList {
  return findFirstHeader(headers, "origin") === undefined
    ? []
    : [["access-control-expose-headers", names]];
}

/** Returns the names of the headers that a preflight asks for. */
export function readRequestedHeaders({ headers }: WireRequest): string[] {
  const list = findFirstHeader(headers, "access-control-request-headers") ?? "";
  return list === "" ? [] : list.split(/, ?/);
}

/** Returns true if a request is a CORS preflight. */
export function isPreflight({ method, headers }: WireRequest): boolean {
  return (
    method === "OPTIONS" &&
    findFirstHeader(headers, "origin") !== undefined &&
    findFirstHeader(headers, "access-control-request-method") !== undefined
  );
}

/**
 * Creates the response to a preflight: always 204. The response to a rejected preflight only lacks the `access-control-allow-*`
 * headers.
 */
export function createPreflightResponse(request: WireRequest, rule: CorsRule): WireResponse {
  const method = findFirstHeader(request.headers, "access-control-request-method") ?? "";
  const names = readRequestedHeaders(request);
  const isAllowed =
    rule.methods.includes(method) &&
    isSorted(names) &&
    names.every((name) => rule.headers.includes(name));
  return {
    status: 204,
    headers: [
      ["vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"],
      ...(isAllowed
        ? [...createAllowOriginHeaders(request), ...createGrantHeaders(request, rule)]
        : []),
    ],
  };
}

/** Returns the headers that grant a preflight the method and the headers for which it asks. */
function createGrantHeaders({ headers }: WireRequest, { maxAgeSeconds }: CorsRule): HeaderList {
  const method = findFirstHeader(headers, "access-control-request-method") ?? "";
  const granted: HeaderField[] = [["access-control-allow-methods", method]];
  const requested = findFirstHeader(headers, "access-control-request-headers");
  if (requested) {
    granted.push(["access-control-allow-headers", requested]);
  }
  if (maxAgeSeconds !== undefined) {
    granted.push(["access-control-max-age", String(maxAgeSeconds)]);
  }
  return granted;
}

/** Returns true if names are sorted. Browsers send the list sorted and in lower case, and the server accepts no other order. */
function isSorted(names: readonly string[]): boolean {
  return names.every((name, index) => index === 0 || (names[index - 1] ?? "") < name);
}
