import { ConnectError } from "@connectrpc/connect";
import { checkInstance, originOf } from "../instance.js";
import type { State } from "../state.js";
import { allowOrigin, isPreflight, preflight } from "../wire/cors.js";
import {
  first,
  type HeaderList,
  type ServeBeside,
  type WireRequest,
  type WireResponse,
} from "../wire/exchange.js";
import { plainText } from "../wire/rest.js";
import { discovery, discoveryPath, keysPath, tokenPath } from "./discovery.js";
import { OAuthError } from "./error.js";
import { parseForm } from "./form.js";
import { createSigningKey } from "./signing-key.js";
import { grantToken } from "./token.js";

/** An endpoint: its caching headers and the function that creates the content of a response. */
interface Endpoint {
  readonly caching: () => HeaderList;
  readonly answer: (request: WireRequest, issuer: string) => unknown;
}

/** The CORS list of the server's OAuth layer, which lacks the headers for deadlines and organizations. */
const oauthCors = {
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

/**
 * Creates the endpoints that service users need to get tokens: discovery, the keys, and the token endpoint.
 *
 * As on the real server, no endpoint checks the HTTP method; a GET of the token endpoint lacks its grant_type.
 */
export function createOAuth(state: State): ServeBeside {
  const { accounts, clock } = state;
  const signingKey = createSigningKey(() => clock.newId());
  const context = { accounts, signingKey, projectId: clock.newId() };
  const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
    [discoveryPath, { caching: noStore, answer: (_, issuer) => discovery(issuer) }],
    [
      keysPath,
      {
        caching: () => [["cache-control", "max-age=300, must-revalidate"]],
        answer: async () => ({ keys: [(await signingKey()).jwk] }),
      },
    ],
    [
      tokenPath,
      {
        caching: noStore,
        answer: (request, issuer) =>
          grantToken(context, { form: parseForm(request), headers: request.headers, issuer }),
      },
    ],
  ]);
  return (request, requestId) => {
    const endpoint = endpoints.get(request.target.split("?", 1)[0] ?? "");
    return endpoint && serve(state, endpoint, request, requestId);
  };
}

async function serve(
  state: State,
  { caching, answer }: Endpoint,
  request: WireRequest,
  requestId: string,
): Promise<WireResponse> {
  if (isPreflight(request)) {
    return preflight(request, oauthCors);
  }
  const headers: HeaderList = [
    ["vary", "Origin"],
    ["x-request-id", requestId],
    ...allowOrigin(request),
    ...exposedHeaders(request),
  ];
  const refusal = refuseInstance(state, request);
  if (refusal !== undefined) {
    return { ...refusal, headers: [...headers, ...refusal.headers] };
  }
  const { status, content } = await outcome(answer, request);
  return {
    status,
    headers: [...headers, ["vary", "Cookie"], ...caching(), ["content-type", "application/json"]],
    body: new TextEncoder().encode(`${JSON.stringify(content)}\n`),
  };
}

/** Returns the response for an unknown host, which is plain text here, or `undefined` for the host of the instance. */
function refuseInstance(state: State, request: WireRequest): WireResponse | undefined {
  try {
    checkInstance(state, request.authority, request.headers);
    return undefined;
  } catch (reason) {
    return plainText(404, ConnectError.from(reason).rawMessage);
  }
}

async function outcome(
  answer: Endpoint["answer"],
  request: WireRequest,
): Promise<{ status: number; content: unknown }> {
  try {
    return { status: 200, content: await answer(request, originOf(request)) };
  } catch (reason) {
    if (!(reason instanceof OAuthError)) {
      throw reason;
    }
    // The server also sends 400 for an unknown client, for which the RFC asks for 401.
    return { status: 400, content: { error: reason.code, error_description: reason.message } };
  }
}

/** Returns the headers of responses that contain a token, and of discovery. */
function noStore(): HeaderList {
  return [
    ["cache-control", "no-store"],
    ["expires", new Date().toUTCString()],
    ["pragma", "no-cache"],
  ];
}

function exposedHeaders({ headers }: WireRequest): HeaderList {
  return first(headers, "origin") === undefined
    ? []
    : [["access-control-expose-headers", "Location, Content-Length"]];
}
