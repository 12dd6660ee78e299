import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A request to the server, with its form. */
export interface CodeFlowRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

/** An answer of the server. A body that is no text is sent as JSON. */
export interface CodeFlowAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A function that answers requests. */
export type CodeFlowHandler = (request: CodeFlowRequest) => CodeFlowAnswer;

/** The client that the server knows, and its rules. */
export interface CodeFlowOptions {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The registered redirect URIs. `any` for a wildcard. */
  readonly redirectUris?: readonly string[] | "any";
  /** The place in which the server accepts client secrets. Default: both. */
  readonly secretIn?: "header" | "body";
  /** True to refuse authorization requests without a PKCE challenge. */
  readonly requiresPkce?: boolean;
  /** The error for authorization requests after the check of the redirect URI. Default: `login_required`. */
  readonly authorizationError?: string;
  /** Handlers by path, instead of those of the server. */
  readonly handlers?: Readonly<Record<string, CodeFlowHandler>>;
  /** The usual paths, such as `/token`, by the paths at which the server has them too. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** A server with authorization, token and user endpoint. */
export interface CodeFlowServer extends AsyncDisposable {
  readonly origin: string;
  readonly requests: readonly CodeFlowRequest[];
}

/** The secret of the client of `startCodeFlowServer`. */
export const knownSecret = "known-secret-of-the-client";

/** Starts a server of the authorization code flow at a port of this machine. */
export async function startCodeFlowServer(options: CodeFlowOptions = {}): Promise<CodeFlowServer> {
  const requests: CodeFlowRequest[] = [];
  const handle = createCodeFlowHandler(options);
  const server = http.createServer(
    createListener((request) => {
      requests.push(request);
      return handle(request);
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns a listener of `node:http` that reads requests to their end and sends the answers of a handler. */
export function createListener(handle: CodeFlowHandler): http.RequestListener {
  return (request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { method = "", headers } = request;
      const url = new URL(request.url ?? "", `http://${headers.host}`);
      const answer = handle({ method, url, headers, form: new URLSearchParams(text) });
      const { status = 200, body = "" } = answer;
      const isText = typeof body === "string";
      response.writeHead(status, {
        "content-type": isText ? "text/html; charset=utf-8" : "application/json",
        ...answer.headers,
      });
      response.end(isText ? body : JSON.stringify(body));
    });
  };
}

/** Returns a handler with the endpoints `/authorize`, `/token` and `/user`, and discovery. */
export function createCodeFlowHandler(options: CodeFlowOptions): CodeFlowHandler {
  return (request) => {
    const { pathname, origin } = request.url;
    const own = options.handlers?.[pathname];
    if (own !== undefined) {
      return own(request);
    }
    switch (options.aliases?.[pathname] ?? pathname) {
      case "/authorize":
        return authorize(request, options);
      case "/token":
        return exchangeCode(request, options);
      case "/user":
        return { status: 401, headers: { "www-authenticate": "Bearer" }, body: {} };
      case "/.well-known/openid-configuration":
        return {
          body: {
            issuer: origin,
            authorization_endpoint: `${origin}/authorize`,
            token_endpoint: `${origin}/token`,
          },
        };
      default:
        return { status: 404, body: "not found" };
    }
  };
}

function authorize(
  { url }: CodeFlowRequest,
  { clientId = "zitadel", redirectUris = [], requiresPkce, authorizationError }: CodeFlowOptions,
): CodeFlowAnswer {
  const parameters = url.searchParams;
  const redirectUri = parameters.get("redirect_uri") ?? "";
  if (parameters.get("client_id") !== clientId) {
    return { status: 400, body: "<p>Client not found.</p>" };
  }
  if (redirectUris !== "any" && !redirectUris.includes(redirectUri)) {
    return { status: 400, body: "<p>Invalid parameter: redirect_uri</p>" };
  }
  const location = new URL(redirectUri);
  location.searchParams.set("state", parameters.get("state") ?? "");
  if (requiresPkce && parameters.get("code_challenge_method") !== "S256") {
    location.searchParams.set("error", "invalid_request");
    location.searchParams.set("error_description", "Missing parameter: code_challenge_method");
  } else {
    location.searchParams.set("error", authorizationError ?? "login_required");
  }
  return { status: 302, headers: { location: location.href } };
}

function exchangeCode(
  { method, headers, form }: CodeFlowRequest,
  { clientId = "zitadel", clientSecret = knownSecret, secretIn }: CodeFlowOptions,
): CodeFlowAnswer {
  if (method !== "POST") {
    return { status: 405 };
  }
  const [id, secret] = Buffer.from((headers.authorization ?? "").replace("Basic ", ""), "base64")
    .toString()
    .split(":")
    .map((part) => decodeURIComponent(part.replaceAll("+", " ")));
  const isInHeader = id === clientId && secret === clientSecret && secretIn !== "body";
  const isInBody =
    form.get("client_id") === clientId &&
    form.get("client_secret") === clientSecret &&
    secretIn !== "header";
  return isInHeader || isInBody
    ? { status: 400, body: { error: "invalid_grant", error_description: "no such code" } }
    : { status: 401, body: { error: "invalid_client" } };
}
