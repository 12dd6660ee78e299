import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request to the token endpoint of an identity provider. */
interface TokenRequest {
  /** The part of the request with the client's secret: the `authorization` header or the form. */
  readonly via: "header" | "form";
  readonly clientId: string;
  readonly secret: string;
  /** The verifier of PKCE, or `null`. */
  readonly verifier: string | null;
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

/** A running identity provider with a discovery document and a token endpoint. */
export interface Upstream {
  readonly origin: string;
  readonly tokenRequests: TokenRequest[];
  /** The function that answers token requests. By default, it rejects each code. */
  answer: (request: TokenRequest) => { status: number; body: object };
  close(): Promise<void>;
}

/** Starts an identity provider on a free port. */
export async function startUpstream(): Promise<Upstream> {
  const server = createServer((request, response) => void serve(upstream, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const upstream: Upstream = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokenRequests: [],
    answer: () => ({ status: 400, body: { error: "invalid_grant" } }),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return upstream;
}

async function serve(
  upstream: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, body: object): void =>
    void response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify(body));
  const { origin } = upstream;
  if (request.url === "/.well-known/openid-configuration") {
    send(200, {
      issuer: origin,
      authorization_endpoint: `${origin}/discovered/authorize`,
      token_endpoint: `${origin}/token`,
    });
  } else if (request.url === "/token") {
    const tokenRequest = readTokenRequest(request, await text(request));
    upstream.tokenRequests.push(tokenRequest);
    const { status, body } = upstream.answer(tokenRequest);
    send(status, body);
  } else {
    send(404, {});
  }
}

function readTokenRequest({ headers }: IncomingMessage, body: string): TokenRequest {
  const form = new URLSearchParams(body);
  const [, basic] = /^Basic (.*)$/.exec(headers.authorization ?? "") ?? [];
  const [clientId = "", secret = ""] =
    basic === undefined
      ? [form.get("client_id") ?? "", form.get("client_secret") ?? ""]
      : Buffer.from(basic, "base64")
          .toString()
          .split(":")
          .map((part) => new URLSearchParams(`part=${part}`).get("part") ?? "");
  const via = basic === undefined ? "form" : "header";
  return { via, clientId, secret, verifier: form.get("code_verifier"), form, headers };
}
