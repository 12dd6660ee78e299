import { type DescMethodUnary, type Message, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { decodeRequest } from "../../rest/decode-request.js";
import { createErrorRegistry } from "../../rest/error-registry.js";
import { encodeErrorResponse } from "../../rest/encode-error-response.js";
import { encodeResponse } from "../../rest/encode-response.js";
import { gatewayPrefixes } from "../../rest/gateway-prefixes.js";
import type { Binding, RestMethod } from "../../rest/rest-binding.js";
import { resolveRestMethod } from "../../rest/resolve-rest-method.js";
import { matchPathTemplate } from "../../rest/match-path-template.js";
import { methods } from "../methods.js";
import { allowOrigin, restExposedHeaders } from "./cors.js";
import { first, type HeaderList, type WireRequest, type WireResponse } from "./exchange.js";
import { type Answer, isExpired, isTimeout, maxMessageBytes, tooLarge } from "./unary.js";

/** The headers of successful REST responses. The cookie clears the mark of an exhausted quota. */
export const quotaCookie: HeaderList = [
  ["set-cookie", "zitadel.quota.exhausted=; Path=/; Max-Age=0; SameSite=Lax"],
  ["vary", "Cookie"],
];

/**
 * The headers of REST responses with code 8. ZITADEL treats every code 8 as an exhausted quota, even that of a message that is
 * too long.
 */
const exhausted: HeaderList = [
  ["set-cookie", "zitadel.quota.exhausted=true; Path=/; Max-Age=300; SameSite=Lax"],
  ["vary", "Cookie"],
  ["grpcgateway-content-type", "application/grpc"],
];

const registry = createErrorRegistry();

interface Route {
  readonly method: DescMethodUnary;
  readonly rest: RestMethod;
  readonly binding: Binding;
}

/** The bindings of all RPCs, by the prefix at which the gateway of their service is mounted. */
const routes: ReadonlyMap<string, readonly Route[]> = new Map(
  [...methods].map(([service, byName]) => [
    gatewayPrefixes[service] ?? "",
    [...byName.values()].flatMap((method) => {
      const rest = resolveRestMethod(method);
      return rest.bindings.map((binding): Route => ({ method, rest, binding }));
    }),
  ]),
);

/** Serves the REST gateway, and the few plain endpoints beside it. */
export async function serveRest(
  request: WireRequest,
  answer: Answer,
  requestId: string,
): Promise<WireResponse> {
  const [rawPath = "", query = ""] = request.target.split("?", 2);
  const path = decodePath(rawPath);
  const clean = cleanPath(path);
  if (clean !== path) {
    const location = encodeURI(clean) + (query && `?${query}`);
    return { status: 301, headers: [["location", location]] };
  }
  const plain = plainEndpoints[`${request.method} ${path}`];
  if (plain !== undefined) {
    return plain;
  }
  const headers: [string, string][] = [
    ["vary", "Origin"],
    ["x-request-id", requestId],
    ...allowOrigin(request).map(([name, value]): [string, string] => [name, value]),
  ];
  if (first(request.headers, "origin") !== undefined) {
    headers.push(["access-control-expose-headers", restExposedHeaders]);
  }
  try {
    const body = await serveGateway(request, path, new URLSearchParams(query), answer, headers);
    return {
      status: 200,
      headers: [...headers, ...quotaCookie, ["content-type", "application/json"]],
      body,
    };
  } catch (reason) {
    const error = ConnectError.from(reason, Code.Internal);
    const { status, headers: own, body } = encodeErrorResponse(error, registry);
    return {
      // ZITADEL sends 405, its own status, for a path that exists under another verb.
      status: error === methodNotAllowed ? 405 : status,
      headers: [
        ...headers,
        ...(error.code === Code.ResourceExhausted ? exhausted : []),
        ...Object.entries(own),
      ],
      body: new TextEncoder().encode(body),
    };
  }
}

const notFound = new ConnectError("Not Found", Code.NotFound);
const methodNotAllowed = new ConnectError("Method Not Allowed", Code.Unimplemented);
const badPrefix = new ConnectError("Bad Request", Code.InvalidArgument);

/**
 * Carries out one call through the gateway: routes it, decodes it, and passes it to the services. Adds the headers of the layers
 * that the call reaches to `headers`.
 */
async function serveGateway(
  request: WireRequest,
  path: string,
  query: URLSearchParams,
  answer: Answer,
  headers: [string, string][],
): Promise<Uint8Array<ArrayBuffer>> {
  const prefix = [...routes.keys()].find((each) => path.startsWith(each));
  if (prefix === undefined) {
    throw notFound;
  }
  const below = path.slice(prefix.length);
  if (!below.startsWith("/")) {
    throw badPrefix;
  }
  if (request.method === "GET" && below === "/healthz") {
    headers.push(...hopHeaders());
    return new TextEncoder().encode("{}");
  }
  const form = parseForm(request);
  const override = form && first(request.headers, "x-http-method-override")?.toUpperCase();
  const verb = override || request.method;
  const fitting = findRoutes(routes.get(prefix) ?? [], below);
  const { route, variables } = pickRoute(fitting, verb, form !== undefined);
  const message = decodeRequest(route.rest, route.binding, {
    variables,
    query: new URLSearchParams([...(form ?? []), ...query]),
    contentType: first(request.headers, "content-type") ?? "",
    body: request.body,
  });
  refuseAtHop(request.headers, path, route.method, message);
  headers.push(...hopHeaders());
  const response = await answer({
    method: route.method,
    message,
    metadata: forwarded(request.headers),
    authority: request.authority,
  });
  return encodeResponse(route.rest, route.binding, response).data;
}

/**
 * Parses a form, by which grpc-gateway lets old clients replace another verb. Its fields count as query parameters.
 *
 * Returns `undefined` if the request is not such a form.
 */
function parseForm({ method, headers, body }: WireRequest): URLSearchParams | undefined {
  return method === "POST" && first(headers, "content-type") === "application/x-www-form-urlencoded"
    ? new URLSearchParams(new TextDecoder().decode(body))
    : undefined;
}

interface Fit {
  readonly route: Route;
  readonly variables: Record<string, string>;
}

function findRoutes(candidates: readonly Route[], path: string): Fit[] {
  const pieces = path.slice(1).split("/");
  return candidates.flatMap((route) => {
    const variables = matchPathTemplate(route.binding.template, pieces);
    return variables === undefined ? [] : [{ route, variables }];
  });
}

/** Returns the route for a verb. A form also matches the GET route of its path. */
function pickRoute(fitting: readonly Fit[], verb: string, isForm: boolean): Fit {
  const found =
    fitting.find(({ route }) => route.binding.verb === verb) ??
    (isForm ? fitting.find(({ route }) => route.binding.verb === "GET") : undefined);
  if (found === undefined) {
    throw fitting.length > 0 ? methodNotAllowed : notFound;
  }
  return found;
}

/** Throws the errors of the gRPC hop between the gateway and the services, which come before the check of the token. */
function refuseAtHop(
  headers: HeaderList,
  path: string,
  { input }: DescMethodUnary,
  message: Message,
): void {
  const timeout = first(headers, "grpc-timeout");
  if (timeout !== undefined) {
    if (!isTimeout(timeout)) {
      throw new ConnectError(`invalid grpc-timeout: ${timeout}`, Code.InvalidArgument);
    }
    if (isExpired(timeout)) {
      throw new ConnectError("context deadline exceeded", Code.DeadlineExceeded);
    }
  }
  if (/[^\x20-\x7e]/.test(path)) {
    throw new ConnectError(
      'header key "zitadel-activity-path" contains value with non-printable ASCII characters',
      Code.Internal,
    );
  }
  const { length } = toBinary(input, message);
  if (length > maxMessageBytes) {
    throw tooLarge(length);
  }
}

/** Creates the headers that the gateway adds to the responses of the services. */
function hopHeaders(): [string, string][] {
  return [
    ["cache-control", "no-store"],
    ["expires", new Date().toUTCString()],
    ["pragma", "no-cache"],
    ["grpcgateway-cache-control", "no-store"],
    ["grpcgateway-content-type", "application/grpc"],
    ["grpcgateway-pragma", "no-cache"],
  ];
}

/** Returns the request headers that the gateway passes to the services as metadata. */
function forwarded(headers: HeaderList): HeaderList {
  return headers.flatMap(([name, value]): [string, string][] => {
    if (name.startsWith("grpc-metadata-")) {
      return [[name.slice("grpc-metadata-".length), value]];
    }
    const kept =
      ["authorization", "accept-language", "forwarded", "x-forwarded-host"].includes(name) ||
      name.startsWith("x-zitadel-");
    return kept ? [[name, value]] : [];
  });
}

/**
 * Returns true if the path of a request target has an escape without two hexadecimal digits. The server's HTTP layer rejects such
 * a target.
 */
export function isMalformedTarget(target: string): boolean {
  return /%(?![\da-f]{2})/i.test(target.split("?", 1)[0] ?? "");
}

/** Decodes a path once, byte by byte. */
function decodePath(path: string): string {
  return path.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Removes empty and dot segments, as Go's `path.Clean` does, but keeps a trailing slash. */
function cleanPath(path: string): string {
  const kept: string[] = [];
  const pieces = path.split("/");
  for (const piece of pieces) {
    if (piece === "..") {
      kept.pop();
    } else if (piece !== "" && piece !== ".") {
      kept.push(piece);
    }
  }
  const slash = path.endsWith("/") && kept.length > 0 ? "/" : "";
  return `/${kept.join("/")}${slash}`;
}

/** Creates a response in plain text. */
export function plainText(status: number, text: string): WireResponse {
  return {
    status,
    headers: [["content-type", "text/plain; charset=utf-8"]],
    body: new TextEncoder().encode(text),
  };
}

const plainEndpoints: Readonly<Record<string, WireResponse>> = {
  "GET /debug/healthz": plainText(200, "ok"),
  "GET /debug/ready": {
    status: 200,
    headers: [["content-type", "application/json"]],
    body: new TextEncoder().encode('"ok"'),
  },
  "GET /": {
    status: 302,
    headers: [
      ["location", "/ui/login"],
      ["content-type", "text/html; charset=utf-8"],
    ],
    body: new TextEncoder().encode('<a href="/ui/login">Found</a>.\n\n'),
  },
};
