import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";

/** A request that the server received. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly form: URLSearchParams;
}

/** A response that a test gives. */
export interface StubResponse {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
}

/** An HTTP server whose responses are given by a test. */
export interface TokenServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: ReceivedRequest[];
}

/** A step of the recording of a real token endpoint. */
export interface RecordedStep {
  readonly name: string;
  readonly path: string;
  readonly response: { status: number; headers: number; body?: Record<string, unknown> };
}

const recording = JSON.parse(
  readFileSync(new URL("../recordings/token-endpoint.json", import.meta.url), "utf8"),
) as { headerSets: Record<string, string | string[]>[]; steps: RecordedStep[] };

export const recordedSteps: readonly RecordedStep[] = recording.steps;

/** Returns the response of a step as it was sent. The address of the recorded server is replaced. */
export function recordedResponse({ response }: RecordedStep, url: string): StubResponse {
  const { status, body } = response;
  const text = JSON.stringify(body ?? null).replaceAll("http://localhost:8080", url);
  return {
    status,
    headers: recording.headerSets[response.headers] ?? {},
    body: JSON.parse(text) as unknown,
  };
}

export const discoveryPath = "/.well-known/openid-configuration";
export const tokenPath = "/oauth/v2/token";

/** The recorded discovery document. */
export function discovery(url: string): StubResponse {
  const [step] = recordedSteps.filter(({ name }) => name === "discovery");
  return step === undefined ? {} : recordedResponse(step, url);
}

/**
 * Starts a server. If `answer` returns nothing, the server sends the recorded discovery document, and 404 for everything else.
 */
export async function startTokenServer(
  answer: (request: ReceivedRequest, url: string) => StubResponse | undefined,
): Promise<TokenServer> {
  const requests: ReceivedRequest[] = [];
  let url = "";
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const received: ReceivedRequest = { method, path, headers, form };
      requests.push(received);
      const fallback = path === discoveryPath ? discovery(url) : { status: 404, body: "nothing" };
      const given = answer(received, url) ?? fallback;
      const text = typeof given.body === "string" ? given.body : JSON.stringify(given.body);
      response.writeHead(given.status ?? 200, {
        "content-type": typeof given.body === "string" ? "text/html" : "application/json",
        ...given.headers,
      });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns the token of a source, or its error. */
export async function awaitOutcome(promise: Promise<unknown>): Promise<unknown> {
  return await promise.catch((reason: unknown) => reason);
}
