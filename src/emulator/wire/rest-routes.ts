import type { DescMethodUnary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { resolveRestMethod } from "../../rest/resolve-rest-method.js";
import { gatewayPrefixes } from "../../rest/gateway-prefixes.js";
import type { Binding, RestMethod } from "../../rest/rest-method.js";
import { matchPathTemplate } from "../../rest/match-path-template.js";
import { servedMethods } from "../methods.js";

interface RestRoute {
  readonly method: DescMethodUnary;
  readonly rest: RestMethod;
  readonly binding: Binding;
}

/** The bindings of all RPCs, by the prefix at which the gateway of their service is mounted. v2 services have none. */
const restRoutes: ReadonlyMap<string, readonly RestRoute[]> = createRestRoutes();

function createRestRoutes(): Map<string, RestRoute[]> {
  const routes = new Map<string, RestRoute[]>();
  for (const [service, byName] of servedMethods) {
    const prefix = gatewayPrefixes[service] ?? "";
    const ofPrefix = routes.get(prefix) ?? [];
    routes.set(prefix, ofPrefix);
    for (const method of byName.values()) {
      const rest = resolveRestMethod(method);
      ofPrefix.push(...rest.bindings.map((binding): RestRoute => ({ method, rest, binding })));
    }
  }
  return routes;
}

/** The error for a path that exists under another verb. */
export const methodNotAllowedError: ConnectError = new ConnectError(
  "Method Not Allowed",
  Code.Unimplemented,
);
const notFoundError = new ConnectError("Not Found", Code.NotFound);
const invalidPathError = new ConnectError("Bad Request", Code.InvalidArgument);

/** A path at the gateway: the prefix of a service and the path below it, which begins with a slash. */
interface GatewayPath {
  readonly prefix: string;
  readonly below: string;
}

/** Splits a path after the prefix of its service. Throws the server's error if there is no such service. */
export function splitGatewayPath(path: string): GatewayPath {
  const prefix = [...restRoutes.keys()].find((each) => path.startsWith(each));
  if (prefix === undefined) {
    throw notFoundError;
  }
  const below = path.slice(prefix.length);
  if (!below.startsWith("/")) {
    throw invalidPathError;
  }
  return { prefix, below };
}

interface MatchedRoute {
  readonly route: RestRoute;
  readonly variables: Record<string, string>;
}

/**
 * Returns the route for a verb and a path, with the variables in the path. Of several routes the last one wins, such as GetDefaultOrg
 * over GetOrgByID. A form also matches the GET route of its path.
 */
export function matchRoute(
  { prefix, below }: GatewayPath,
  verb: string,
  isForm: boolean,
): MatchedRoute {
  const segments = below.slice(1).split("/");
  const matched = (restRoutes.get(prefix) ?? []).flatMap((route): MatchedRoute[] => {
    const variables = matchPathTemplate(route.binding.template, segments);
    return variables === undefined ? [] : [{ route, variables }];
  });
  const found =
    matched.findLast(({ route }) => route.binding.verb === verb) ??
    (isForm ? matched.findLast(({ route }) => route.binding.verb === "GET") : undefined);
  if (found === undefined) {
    throw matched.length > 0 ? methodNotAllowedError : notFoundError;
  }
  return found;
}
