import { AttemptError } from "../call/attempt-error.js";
import { create } from "@bufbuild/protobuf";
import type { DescMessage, DescMethodStreaming, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import type { StreamRequest, StreamResponse } from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
import { mayBeJson } from "../rest/may-be-json.js";
import { describeUnexpectedContent } from "../rest/describe-unexpected-content.js";
import { encodeRequest, formatTarget } from "../rest/encode-request.js";
import { decodeResponseJson, parseResponseJson } from "../rest/decode-response.js";
import type { Binding, RestMethod } from "../rest/rest-method.js";
import type { StreamCall } from "../call/stream-call.js";
import { prepareRequest } from "../call/prepare-request.js";
import { createUnsentError } from "../call/unsent-error.js";
import { hasOwnProxy } from "./has-own-proxy.js";
import { withoutHost } from "./http/without-host.js";
import { toNetworkError } from "./http/network-error.js";
import { readBody } from "../utils/read-body.js";
import { createJsonRequestFields, type JsonSettings, findRestMethod } from "./json-settings.js";
import { createResponseTooLargeError } from "./response-limit.js";
import type { SocketOptions } from "./socket/socket-options.js";
import type { RequestPolicy } from "./run-attempt.js";
import { runStreamPolicy } from "./run-stream-policy.js";

/**
 * Runs a server-streaming call in the format of grpc-gateway v2: each line is `{"result": message}`. After a failure, the last line is
 * `{"error": status}`, whatever the HTTP status was.
 */
export async function streamJson<I extends DescMessage, O extends DescMessage>(
  settings: JsonSettings,
  policy: RequestPolicy | undefined,
  { method, signal, timeoutMs, header, input, contextValues }: StreamCall<I, O>,
): Promise<StreamResponse<I, O>> {
  if (method.methodKind !== "server_streaming") {
    throw new ConnectError(
      `${method.parent.name}.${method.name} streams its requests, which JSON over HTTP does not support: use gRPC`,
      Code.Unimplemented,
    );
  }
  checkConnection(method, settings.socketOptions);
  const rest = await findRestMethod(method, settings);
  const limitMs = timeoutMs ?? settings.defaultTimeoutMs ?? 0;
  const [binding] = rest.bindings;
  return await runStreamingCall<I, O>({
    ...(limitMs > 0 && { timeoutMs: limitMs }),
    ...(signal && { signal }),
    interceptors: settings.interceptors,
    req: {
      stream: true,
      service: method.parent,
      method,
      requestMethod: binding?.verb ?? "GET",
      // The path depends on the message, which is only known after the interceptors have run.
      url: settings.baseUrl + rest.prefix + (binding?.template.source ?? ""),
      // `runStreamingCall` enforces the timeout, which is counted from here.
      header: new Headers(createJsonRequestFields(header, limitMs > 0 ? limitMs : undefined)),
      contextValues: contextValues ?? createContextValues(),
      message: input,
    },
    next: (request) => openStream(settings, policy, rest, request),
  });
}

/** Throws if a stream would ignore an option: `fetch` sends it, and gets neither a proxy nor certificates. */
function checkConnection(
  { parent, name }: DescMethodStreaming,
  { proxy, tls }: SocketOptions,
): void {
  const option = hasOwnProxy({ proxy }) ? "proxy" : tls && "tls";
  if (option !== undefined) {
    throw createUnsentError(
      `${parent.name}.${name} streams, and streams over JSON do not support the option ${option}: pass a fetch that uses it, or use gRPC`,
      Code.Unimplemented,
    );
  }
}

/** Sends the message of a request, and returns the response before its messages are read. */
async function openStream<I extends DescMessage, O extends DescMessage>(
  settings: JsonSettings,
  policy: RequestPolicy | undefined,
  rest: RestMethod,
  request: StreamRequest<I, O>,
): Promise<StreamResponse<I, O>> {
  const { header, method, signal } = request;
  const message = await readOnlyMessage(method.input, request.message);
  const encoded = prepareRequest(() => encodeRequest(rest, message, settings.json));
  header.delete("content-type");
  if (encoded.contentType !== undefined) {
    header.set("content-type", encoded.contentType);
  }
  const url = settings.baseUrl + formatTarget(encoded);
  const { fetch = globalThis.fetch } = settings;
  const response = await runStreamPolicy(policy, { ...request, url }, (fields) =>
    withNetworkErrors(() =>
      fetch(url, {
        method: encoded.verb,
        headers: withoutHost(fields),
        redirect: "manual",
        signal,
        ...(encoded.body !== undefined && { body: encoded.body }),
      }),
    ),
  );
  if (!response.ok) {
    throw await readStreamError(settings, response, signal);
  }
  const contentType = response.headers.get("content-type") ?? "";
  if (!mayBeJson(contentType)) {
    const text = describeUnexpectedContent(response.status, contentType);
    throw new AttemptError(text, Code.Unknown, {}, { metadata: response.headers });
  }
  return {
    ...request,
    header: response.headers,
    trailer: new Headers(),
    message: readMessages<O>(settings, rest, encoded.binding, response),
  };
}

/** Reads the body of a failed response, and creates its error. */
async function readStreamError(
  { readMaxBytes, json, loadOtherServices }: JsonSettings,
  response: Response,
  signal: AbortSignal,
): Promise<ConnectError> {
  const { status, headers } = response;
  const body = await withNetworkErrors(() =>
    readBody(response, { maxBytes: readMaxBytes, signal, tooLarge: createResponseTooLargeError }),
  );
  // Load the code for failures with the first one, which it shares with unary calls.
  const { createJsonError } = await import("./json-errors.js");
  return await createJsonError({ status, headers, body }, json.registry, loadOtherServices);
}

/** Runs `work`, and converts its network errors. A stream always counts as sent. */
async function withNetworkErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toNetworkError(error, { headerNames: [], sent: true });
  }
}

/** Returns the one message of a request. Without a message, returns an empty one. */
async function readOnlyMessage<I extends DescMessage>(
  desc: I,
  input: AsyncIterable<MessageShape<I>>,
): Promise<MessageShape<I>> {
  for await (const message of input) {
    return message;
  }
  return create(desc);
}

async function* readMessages<O extends DescMessage>(
  settings: JsonSettings,
  rest: RestMethod,
  { responseBody }: Binding,
  { body, headers, status }: Response,
): AsyncGenerator<MessageShape<O>> {
  for await (const line of readLines(body, settings.readMaxBytes)) {
    const json = parseResponseJson(line, { headers });
    if (typeof json !== "object" || json === null || Array.isArray(json) || !("result" in json)) {
      // Load the code for failures with the first one, which it shares with unary calls.
      const { createLineError } = await import("./json-errors.js");
      throw await createLineError(
        json,
        { status, headers },
        settings.json.registry,
        settings.loadOtherServices,
      );
    }
    const result = json["result"] ?? null;
    yield decodeResponseJson(
      rest,
      responseBody,
      result,
      { headers },
      settings.json,
    ) as MessageShape<O>;
  }
}

/** Reads the lines of a body. Each line is one message, and the limit applies to each line. */
async function* readLines(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): AsyncGenerator<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  const readNext = () => withNetworkErrors(async () => await reader?.read());
  /** The parts of the line that has no end yet, and their length together. */
  let unfinished: string[] = [];
  let size = 0;
  try {
    for (let chunk = await readNext(); chunk?.done === false; chunk = await readNext()) {
      // Only the new part is searched, because a long line comes in many chunks.
      const [first = "", ...more] = decoder.decode(chunk.value, { stream: true }).split("\n");
      unfinished.push(first);
      size += first.length;
      if (size > maxBytes) {
        throw createResponseTooLargeError(maxBytes);
      }
      if (more.length > 0) {
        const whole = [unfinished.join(""), ...more.slice(0, -1)];
        const last = more.at(-1) ?? "";
        unfinished = [last];
        size = last.length;
        yield* whole.filter((line) => line.trim() !== "");
      }
    }
    const last = unfinished.join("");
    if (last.trim() !== "") {
      yield last;
    }
  } finally {
    // Ignore a failed cancel: it must not replace the error that ended the stream.
    await reader?.cancel().catch(() => undefined);
  }
}
