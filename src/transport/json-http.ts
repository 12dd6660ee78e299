import type { JsonReadOptions, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { decodeError, hasStatusCode } from "../rest/error.js";
import type { RestRequest } from "../rest/request.js";
import type { RestResponse } from "../rest/response.js";
import type { ValueOptions } from "../rest/value.js";
import { isBrowser } from "../runtime/environment.js";
import { withEvidence } from "./evidence.js";
import { foreignPage } from "./foreign-page.js";
import { provesUnsent } from "./unsent.js";

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
  return await reach(
    () =>
      fetch(url, {
        method: verb,
        headers: { ...headers, ...(contentType !== undefined && { "content-type": contentType }) },
        ...(body !== undefined && { body }),
        redirect: "manual",
        signal,
      }),
    Object.keys(headers),
  );
}

/** Reads a response to its end. */
export async function readAll(response: Response): Promise<RestResponse> {
  const { status, headers } = response;
  return { status, headers, body: new Uint8Array(await reach(() => response.arrayBuffer())) };
}

/** The error of a response without success, with what is known of it. */
export function failure(response: RestResponse, { errors }: JsonCallOptions): ConnectError {
  return withEvidence(foreignPage(response) ?? decodeError(response, errors()), {
    httpStatus: response.status,
    spoken: hasStatusCode(response),
  });
}

/** Notes the status of a response with an error that comes up in reading it. */
export function withStatus<T>(response: RestResponse, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw withEvidence(foreignPage(response) ?? ConnectError.from(error), {
      httpStatus: response.status,
    });
  }
}

/** Gives failures of the network a code, and leaves aborts and deadlines to Connect. */
export async function reach<T>(
  attempt: () => Promise<T>,
  headers: readonly string[] = [],
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof Error && /^(?:Connect|Abort|Timeout)Error$/.test(error.name)) {
      throw ConnectError.from(error);
    }
    const detail = causeCode(error);
    throw withEvidence(
      new ConnectError(
        `the server cannot be reached, or the connection broke${detail && ` (${detail})`}`,
        Code.Unavailable,
        undefined,
        undefined,
        error,
      ),
      { broken: true, headers, ...(provesUnsent(error) && { notDone: "unsent" }) },
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

/**
 * `grpc-timeout` has at most eight digits; `m` is milliseconds. Browsers keep the deadline on their side only: each header
 * more is one that a proxy's CORS rule may refuse.
 */
export function callHeader(init: HeadersInit | undefined, timeoutMs: number | undefined): Headers {
  const header = new Headers(init);
  header.set("accept", "application/json");
  if (timeoutMs !== undefined && !isBrowser) {
    const ms = Math.ceil(timeoutMs);
    header.set("grpc-timeout", ms < 1e8 ? `${ms}m` : `${Math.ceil(ms / 1000)}S`);
  }
  return header;
}
