import type { JsonReadOptions, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import type { RestRequest } from "../rest/request.js";
import type { RestResponse } from "../rest/response.js";
import type { ValueOptions } from "../rest/value.js";

/** The options of the JSON transport with the defaults in place. */
export interface JsonCallOptions {
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly interceptors: Interceptor[];
  readonly defaultTimeoutMs: number | undefined;
  readonly json: ValueOptions & Partial<JsonReadOptions>;
  /** The types of error details, made when the first error comes. */
  readonly errors: () => Registry;
}

/** Sends a request. A redirect comes back as it is: following it would carry the token to another place. */
export async function send(
  { fetch = globalThis.fetch }: JsonCallOptions,
  url: string,
  { verb, body, contentType }: RestRequest,
  header: Headers,
  signal: AbortSignal,
): Promise<Response> {
  const headers = Object.fromEntries(header);
  delete headers["content-type"];
  return await reach(() =>
    fetch(url, {
      method: verb,
      headers: { ...headers, ...(contentType !== undefined && { "content-type": contentType }) },
      ...(body !== undefined && { body }),
      redirect: "manual",
      signal,
    }),
  );
}

/** Reads a response to its end. */
export async function readAll(response: Response): Promise<RestResponse> {
  const { status, headers } = response;
  return { status, headers, body: new Uint8Array(await reach(() => response.arrayBuffer())) };
}

/** Gives failures of the network a code, and leaves aborts and deadlines to Connect. */
export async function reach<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof Error && /^(?:Connect|Abort|Timeout)Error$/.test(error.name)) {
      throw ConnectError.from(error);
    }
    const detail = causeCode(error);
    throw new ConnectError(
      `the server cannot be reached, or the connection broke${detail && ` (${detail})`}`,
      Code.Unavailable,
      undefined,
      undefined,
      error,
    );
  }
}

/** The error code of the operating system or of Node's fetch, e.g. ECONNREFUSED. Browsers tell nothing. */
function causeCode(error: unknown): string {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code: unknown = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : "";
}

/** The deadline of a call: its own, or the default one; 0 or less is none. */
export function callDeadline(
  timeoutMs: number | undefined,
  { defaultTimeoutMs }: JsonCallOptions,
): { timeoutMs?: number } {
  const chosen = timeoutMs ?? defaultTimeoutMs;
  return chosen === undefined || chosen <= 0 ? {} : { timeoutMs: chosen };
}

/** `grpc-timeout` has at most eight digits; `m` is milliseconds. */
export function callHeader(init: HeadersInit | undefined, timeoutMs: number | undefined): Headers {
  const header = new Headers(init);
  header.set("accept", "application/json");
  if (timeoutMs !== undefined) {
    const ms = Math.ceil(timeoutMs);
    header.set("grpc-timeout", ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`);
  }
  return header;
}
