import type { EmulatorState } from "../store/emulator-state.js";
import {
  createAllowOriginHeaders,
  createExposeHeaders,
  createPreflightResponse,
  isPreflight,
  oauthCors,
} from "../wire/cors.js";
import type {
  EndpointHandler,
  HeaderList,
  WireRequest,
  WireResponse,
} from "../wire/http-message.js";
import { createNoStoreHeaders } from "../wire/no-store-headers.js";
import { readRequestedOrigin, rejectUnknownHost } from "../wire/requested-host.js";
import {
  createDiscoveryDocument,
  discoveryPath,
  introspectionPath,
  keysPath,
  revocationPath,
  tokenPath,
  userinfoPath,
} from "./discovery-document.js";
import { parseFormParameters } from "./form-parameters.js";
import { OAuthError } from "./oauth-error.js";
import type { OAuthRequest } from "./oauth-request.js";
import { serveIntrospection } from "./serve-introspection.js";
import { serveRevocation } from "./serve-revocation.js";
import { serveTokenEndpoint } from "./serve-token-endpoint.js";
import { serveUserinfo } from "./serve-userinfo.js";
import { createSigningKey } from "./signing-key.js";

/** An endpoint: its caching headers and the function that creates the content of a response. */
interface OAuthEndpoint {
  readonly createCachingHeaders: () => HeaderList;
  /** Creates the content of a response; `undefined` for an empty body. */
  readonly createContent: (request: WireRequest, issuer: string) => unknown;
}

/**
 * Creates the endpoints for service users: discovery, the keys, the token endpoint, and the endpoints for tokens.
 *
 * As on the real server, no endpoint checks the HTTP method; a GET of the token endpoint lacks its grant_type.
 */
export function createOAuthEndpoints(state: EmulatorState): EndpointHandler {
  const { accounts, clock } = state;
  const signingKey = createSigningKey(() => clock.newId());
  const context = { state, signingKey, projectId: clock.newId() };
  const endpoints: ReadonlyMap<string, OAuthEndpoint> = new Map<string, OAuthEndpoint>([
    [
      keysPath,
      {
        createCachingHeaders: () => [["cache-control", "max-age=300, must-revalidate"]],
        createContent: async () => ({ keys: [(await signingKey()).jwk] }),
      },
    ],
    [discoveryPath, createEndpoint((_, issuer) => createDiscoveryDocument(issuer))],
    [tokenPath, createFormEndpoint((request) => serveTokenEndpoint(context, request))],
    [userinfoPath, createFormEndpoint((request) => serveUserinfo(state, request))],
    [introspectionPath, createFormEndpoint(serveIntrospection)],
    [revocationPath, createFormEndpoint((request) => serveRevocation(accounts, request))],
  ]);
  return (request, requestId) => {
    const endpoint = endpoints.get(request.target.split("?", 1)[0] ?? "");
    return endpoint && serveEndpoint(state, endpoint, request, requestId);
  };
}

/** Creates an endpoint whose responses expire at once. */
function createEndpoint(createContent: OAuthEndpoint["createContent"]): OAuthEndpoint {
  return { createCachingHeaders: createExpiredHeaders, createContent };
}

/** Creates an endpoint that reads the parameters of a form. */
function createFormEndpoint(serve: (request: OAuthRequest) => unknown): OAuthEndpoint {
  return createEndpoint((request, issuer) =>
    serve({ form: parseFormParameters(request), headers: request.headers, issuer }),
  );
}

/** Creates the caching headers of these endpoints. Unlike the services, the real server sets `expires` to one hour ago. */
function createExpiredHeaders(): HeaderList {
  return createNoStoreHeaders(new Date(Date.now() - 3_600_000));
}

async function serveEndpoint(
  state: EmulatorState,
  { createCachingHeaders, createContent }: OAuthEndpoint,
  request: WireRequest,
  requestId: string,
): Promise<WireResponse> {
  if (isPreflight(request)) {
    return createPreflightResponse(request, oauthCors);
  }
  const headers: HeaderList = [
    ["vary", "Origin"],
    ["x-request-id", requestId],
    ...createAllowOriginHeaders(request),
    ...createExposeHeaders(request, "Location, Content-Length"),
  ];
  const rejection = rejectUnknownHost(state, request);
  if (rejection !== undefined) {
    return { ...rejection, headers: [...headers, ...rejection.headers] };
  }
  const { status, content } = await runEndpoint(createContent, request);
  return {
    status,
    headers: [
      ...headers,
      ["vary", "Cookie"],
      ...createCachingHeaders(),
      ["content-type", "application/json"],
    ],
    ...(content !== undefined && {
      body: new TextEncoder().encode(`${JSON.stringify(content)}\n`),
    }),
  };
}

/** Creates the content of a response, or the error of RFC 6749 in JSON. */
async function runEndpoint(
  createContent: OAuthEndpoint["createContent"],
  request: WireRequest,
): Promise<{ status: number; content: unknown }> {
  try {
    return { status: 200, content: await createContent(request, readRequestedOrigin(request)) };
  } catch (reason) {
    if (!(reason instanceof OAuthError)) {
      throw reason;
    }
    const description = reason.message === "" ? {} : { error_description: reason.message };
    return { status: reason.status, content: { error: reason.code, ...description } };
  }
}
