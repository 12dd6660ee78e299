import { type DescMessage, fromBinary, type JsonValue } from "@bufbuild/protobuf";
import { redactHeader } from "../../redact/redact-header.js";
import { redactJsonFields } from "../../redact/redact-json-fields.js";
import { redactText } from "../../redact/redact-text.js";
import { redacted } from "../../redact/redacted.js";
import { redactedJson } from "../../redact/redacted-json.js";
import { tryParseJson } from "../../utils/try-parse-json.js";
import type { RequestExchange } from "../log/request-exchange.js";
import type { LoggedRequest } from "../log/request-log.js";
import { gunzip, readGrpcFrame } from "../wire/grpc-frame.js";
import {
  findFirstHeader,
  type HeaderList,
  maxBodyBytes,
  type WireResponse,
} from "../wire/http-message.js";

/** The size above which headers or a body are not kept, so that a log of a thousand entries stays small. */
const maxKeptBytes = 32 * 1024;

/** The headers and the response of a request, without secrets. */
interface DescribedExchange {
  readonly headers: HeaderList;
  readonly responseHeaders?: HeaderList;
  /** The fields after the body, over gRPC. */
  readonly responseTrailers?: HeaderList;
  /** The response of an RPC in its JSON form. Absent for other requests, whose responses may be tokens. */
  readonly response?: JsonValue;
}

/** The headers and responses of the requests in the log. They vanish with their entries. */
interface ExchangeStore {
  /** Keeps an exchange unprocessed, so that requests that are never inspected cost little time. */
  keep(entry: LoggedRequest, exchange: RequestExchange): void;
  /** Describes the exchange of an entry without secrets. Returns undefined for an entry that is older than the store. */
  describe(
    entry: LoggedRequest,
    secrets: readonly string[],
  ): Promise<DescribedExchange | undefined>;
}

/** Creates an empty store. */
export function createExchangeStore(): ExchangeStore {
  const kept = new WeakMap<LoggedRequest, RequestExchange>();
  return {
    keep(entry, exchange) {
      kept.set(entry, limitExchange(exchange));
    },
    async describe(entry, secrets) {
      const exchange = kept.get(entry);
      if (exchange === undefined) {
        return undefined;
      }
      const { headers, response } = exchange;
      const body = await describeBody(exchange, secrets);
      return {
        headers: redactHeaders(headers, secrets),
        ...(response && { responseHeaders: redactHeaders(response.headers, secrets) }),
        ...(response?.trailers && {
          responseTrailers: redactHeaders(response.trailers, secrets),
        }),
        ...(body !== undefined && { response: body }),
      };
    },
  };
}

/** Removes headers and a body that are too long. */
function limitExchange({ headers, response, method }: RequestExchange): RequestExchange {
  const length = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const size = response?.body?.length ?? 0;
  const note = new TextEncoder().encode(`"[${size} bytes]"`);
  return {
    headers: length > maxKeptBytes ? [] : headers,
    response: response && size > maxKeptBytes ? { ...response, body: note } : response,
    method: size > maxKeptBytes ? undefined : method,
  };
}

/** Parts of the names of headers whose values are secrets. */
const secretWords = ["auth", "cookie", "key", "password", "secret", "token"];

function redactHeaders(headers: HeaderList, secrets: readonly string[]): HeaderList {
  return headers.map(([name, value]) => [
    name,
    secretWords.some((word) => name.includes(word)) ? redacted : redactHeader(name, value, secrets),
  ]);
}

/** Returns the response of an RPC in its JSON form. A response that is not a message stays JSON or text. */
async function describeBody(
  { response, method }: RequestExchange,
  secrets: readonly string[],
): Promise<JsonValue | undefined> {
  if (method === undefined || response?.body === undefined || response.body.length === 0) {
    return undefined;
  }
  if (response.status === 200) {
    try {
      return await describeMessage(method.output, response);
    } catch {
      // A fault replaced the response.
    }
  }
  const text = redactText(decode(response), secrets);
  return tryParseJson(text) ?? text;
}

/** Decodes a successful response by its content type, and returns its message in JSON form. */
async function describeMessage(
  output: DescMessage,
  { headers, body = new Uint8Array() }: WireResponse,
): Promise<JsonValue> {
  const contentType = findFirstHeader(headers, "content-type") ?? "";
  if (contentType.startsWith("application/grpc")) {
    const encoding = findFirstHeader(headers, "grpc-encoding") ?? "identity";
    return redactedJson(output, fromBinary(output, await readGrpcFrame(body, encoding)));
  }
  const isCompressed = findFirstHeader(headers, "content-encoding") === "gzip";
  const bytes = isCompressed ? await gunzip(body, maxBodyBytes) : body;
  return contentType.startsWith("application/json")
    ? redactJsonFields(output, JSON.parse(new TextDecoder().decode(bytes)) as JsonValue)
    : redactedJson(output, fromBinary(output, bytes));
}

function decode({ body }: WireResponse): string {
  return new TextDecoder().decode(body);
}
