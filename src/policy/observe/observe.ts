import {
  create,
  type DescMessage,
  type DescMethod,
  type JsonValue,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import type { UnaryResponse } from "@connectrpc/connect";
import { notify } from "../../utils/notify.js";
import { redactJsonFields } from "../../redact/redact-json-fields.js";
import { compactCodecSupports } from "../../rest/json/compact-codec-supports.js";
import { compactCodec } from "../../rest/json/json-codec.js";
import type { Call } from "../../call/call.js";
import { identifyCall } from "./identify-call.js";
import type { Attributes, HookOptions, Hooks, ResponseEvent, RetryEvent } from "./hooks.js";
import { toServerAttributes } from "./server-attributes.js";
import { toCodeName, type ZitadelError } from "../errors/zitadel-error.js";

/** The callbacks for the end of a call, which report it to the hooks. */
export interface Observer {
  onSuccess(response: UnaryResponse): void;
  onFailure(error: ZitadelError): void;
}

/** A retry that the hook `onRetry` is notified of. */
interface AnnouncedRetry extends Pick<RetryEvent, "attempt" | "error" | "pauseMs"> {
  readonly call: Call;
  readonly method: DescMethod;
}

/** Reports the start of a call to the hooks, and returns the observer for its end. */
export function observe(
  options: HookOptions,
  method: DescMethod,
  input: unknown,
  call: Call,
): Observer {
  const { hooks } = options;
  const startedMs = performance.now();
  const identity = identifyCall(call);
  const attributes = createCallAttributes(options, method);
  notifyHook(hooks, "onRequest", () => ({
    ...identity,
    attributes,
    get message() {
      return toMessageJson(method.input, input);
    },
  }));
  const describeEnd = (status: Attributes): Omit<ResponseEvent, "message" | "error"> => ({
    ...identity,
    attributes: { ...attributes, ...status },
    durationMs: performance.now() - startedMs,
    attempts: call.attempts,
    ...(call.alreadyDone !== undefined && { alreadyDone: call.alreadyDone }),
  });
  return {
    onSuccess: ({ message }) =>
      notifyHook(hooks, "onResponse", () => ({
        ...describeEnd({ "rpc.response.status_code": "OK" }),
        get message() {
          return toMessageJson(method.output, message);
        },
      })),
    onFailure: (error) =>
      notifyHook(hooks, "onResponse", () => ({
        ...describeEnd(createErrorAttributes(error)),
        error,
      })),
  };
}

/** Returns the attributes that all events of a call share. */
function createCallAttributes({ protocol, baseUrl }: HookOptions, method: DescMethod): Attributes {
  return {
    "rpc.system": protocol === "json" ? "http" : "grpc",
    "rpc.service": method.parent.typeName,
    "rpc.method": method.name,
    ...(baseUrl !== undefined && toServerAttributes(new URL(baseUrl))),
  };
}

function createErrorAttributes(error: ZitadelError): Attributes {
  return {
    "rpc.response.status_code": toCodeName(error.code).toUpperCase(),
    "error.type": error.id ?? error.reason ?? toCodeName(error.code),
  };
}

/** Notifies the hook `onRetry` of a failed attempt that will be retried. */
export function notifyRetryHook(
  { call, method, attempt, error, pauseMs }: AnnouncedRetry,
  options: HookOptions,
): void {
  notifyHook(options.hooks, "onRetry", () => ({
    ...identifyCall(call),
    attributes: createCallAttributes(options, method),
    attempt,
    error,
    pauseMs,
  }));
}

/** Calls a hook, and ignores its failure. A broken log must neither make a call fail nor end the process. */
function notifyHook<Name extends keyof Hooks>(
  hooks: Hooks | undefined,
  name: Name,
  event: () => Parameters<NonNullable<Hooks[Name]>>[0],
): void {
  notify(() => (hooks?.[name] as ((event: unknown) => unknown) | undefined)?.call(hooks, event()));
}

/**
 * Returns a message as redacted JSON. Returns null for a request with values of wrong types, which fails anyway, and for messages of
 * other services that the compact codec does not support. The codec of protobuf-es would have to load with the first call.
 */
function toMessageJson(desc: DescMessage, input: unknown): JsonValue {
  if (!compactCodecSupports(desc)) {
    return null;
  }
  try {
    const message = create(desc, input as MessageInitShape<DescMessage>);
    return redactJsonFields(desc, compactCodec.toJson(desc, message));
  } catch {
    return null;
  }
}
