import { create } from "@bufbuild/protobuf";
import type {
  DescMessage,
  DescMethodStreaming,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import { Code, ConnectError, createContextValues } from "@connectrpc/connect";
import type { ContextValues, StreamResponse } from "@connectrpc/connect";
import { runStreamingCall } from "@connectrpc/connect/protocol";
import { mayBeJson } from "../rest/may-be-json.js";
import { describeUnexpectedContent as unexpectedContent } from "../rest/describe-unexpected-content.js";
import { encodeRequest, formatTarget as targetText } from "../rest/encode-request.js";
import {
  decodeResponseJson as messageFromJson,
  parseResponseJson as parseJson,
} from "../rest/decode-response.js";
import type { Binding, RestMethod } from "../rest/rest-binding.js";
import { withNetworkErrors } from "./http/http.js";
import { readBody } from "./http/read-body.js";
import { answerTooLarge } from "./response-limit.js";
import { callHeader, type JsonCallOptions } from "./json-http.js";
import { chooseTimeoutMs } from "../call/deadline.js";
import { beforeSending } from "./before-sending.js";
import { restMethodOf } from "./rest-method.js";

/**
 * Runs a server-streaming call in the format of grpc-gateway v2: one `{"result": message}` per line, and for a failure a last
 * line `{"error": status}`, whatever the HTTP status was.
 */
export async function streamJson<I extends DescMessage, O extends DescMessage>(
  call: JsonCallOptions,
  method: DescMethodStreaming<I, O>,
  signal: AbortSignal | undefined,
  timeoutMs: number | undefined,
  header: HeadersInit | undefined,
  input: AsyncIterable<MessageInitShape<I>>,
  contextValues: ContextValues | undefined,
): Promise<StreamResponse<I, O>> {
  if (method.methodKind !== "server_streaming") {
    throw new ConnectError(
      `${method.parent.name}.${method.name} streams its requests, which JSON over HTTP does not support: use gRPC`,
      Code.Unimplemented,
    );
  }
  const rest = await restMethodOf(method, call);
  const limitMs = chooseTimeoutMs(timeoutMs, call.defaultTimeoutMs);
  const [binding] = rest.bindings;
  return await runStreamingCall<I, O>({
    ...(limitMs !== undefined && { timeoutMs: limitMs }),
    ...(signal && { signal }),
    interceptors: call.interceptors,
    req: {
      stream: true,
      service: method.parent,
      method,
      requestMethod: binding?.verb ?? "GET",
      // The path depends on the message, which is only known after the interceptors have run.
      url: call.baseUrl + rest.prefix + (binding?.template.source ?? ""),
      header: callHeader(header, limitMs),
      contextValues: contextValues ?? createContextValues(),
      message: input,
    },
    next: async (req) => {
      const message = await only(method.input, req.message);
      const request = beforeSending(() => encodeRequest(rest, message, call.json));
      req.header.delete("content-type");
      if (request.contentType !== undefined) {
        req.header.set("content-type", request.contentType);
      }
      const url = call.baseUrl + targetText(request);
      const { fetch = globalThis.fetch } = call;
      const response = await withNetworkErrors(() =>
        fetch(url, {
          method: request.verb,
          headers: Object.fromEntries(req.header),
          redirect: "manual",
          signal: req.signal,
          ...(request.body !== undefined && { body: request.body }),
        }),
      );
      if (!response.ok) {
        const { status, headers } = response;
        const limits = { maxBytes: call.readMaxBytes, signal: req.signal };
        const body = await withNetworkErrors(() => readBody(response, limits));
        const { jsonFailure } = await import("#json-failure");
        throw await jsonFailure({ status, headers, body }, call.json.registry);
      }
      const contentType = response.headers.get("content-type") ?? "";
      if (!mayBeJson(contentType)) {
        const text = unexpectedContent(response.status, contentType);
        throw new ConnectError(text, Code.Unknown, response.headers);
      }
      return {
        ...req,
        header: response.headers,
        trailer: new Headers(),
        message: messages<O>(call, rest, request.binding, response),
      };
    },
  });
}

async function only<I extends DescMessage>(
  desc: I,
  input: AsyncIterable<MessageShape<I>>,
): Promise<MessageShape<I>> {
  for await (const message of input) {
    return message;
  }
  return create(desc);
}

async function* messages<O extends DescMessage>(
  call: JsonCallOptions,
  rest: RestMethod,
  { responseBody }: Binding,
  { body, headers, status }: Response,
): AsyncGenerator<MessageShape<O>> {
  for await (const line of lines(body, call.readMaxBytes)) {
    const json = parseJson(line, { headers });
    if (typeof json !== "object" || json === null || Array.isArray(json) || !("result" in json)) {
      const { lineFailure } = await import("#json-failure");
      throw await lineFailure(json, { status, headers }, call.json.registry);
    }
    const result = json["result"] ?? null;
    yield messageFromJson(rest, responseBody, result, { headers }, call.json) as MessageShape<O>;
  }
}

/** Reads the lines of a body. Each line is one message, and the limit applies to each line. */
async function* lines(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): AsyncGenerator<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  const next = () => withNetworkErrors(async () => await reader?.read());
  let begun: string[] = [];
  let size = 0;
  try {
    for (let chunk = await next(); chunk?.done === false; chunk = await next()) {
      // Only the new part is searched, because a long line comes in many chunks.
      const [first = "", ...more] = decoder.decode(chunk.value, { stream: true }).split("\n");
      begun.push(first);
      size += first.length;
      if (size > maxBytes) {
        throw answerTooLarge(maxBytes);
      }
      if (more.length > 0) {
        const whole = [begun.join(""), ...more.slice(0, -1)];
        const last = more.at(-1) ?? "";
        begun = [last];
        size = last.length;
        yield* whole.filter((line) => line.trim() !== "");
      }
    }
    const last = begun.join("");
    if (last.trim() !== "") {
      yield last;
    }
  } finally {
    // Ignore a failed cancel: it must not replace the error that ended the stream.
    await reader?.cancel().catch(() => undefined);
  }
}
