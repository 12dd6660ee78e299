import { fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type ErrorDetail as SluggedErrorDetail,
  ErrorDetailSchema as SluggedErrorDetailSchema,
} from "../../../gen/zitadel/error/v2/error_pb.js";
import {
  type CredentialsCheckError,
  CredentialsCheckErrorSchema,
  type ErrorDetail,
  ErrorDetailSchema,
} from "../../../gen/zitadel/message_pb.js";
import type { Protocol } from "../../call/protocol.js";
import type { Ending } from "../../call/deadline.js";
import type { MisroutingReason } from "../../hints/hints.js";

/**
 * A detail of a ZITADEL error: in the form of the first generation of its APIs, in that of the newer APIs, or in that of a failed
 * login.
 */
export type ZitadelErrorDetail = ErrorDetail | SluggedErrorDetail | CredentialsCheckError;

/**
 * The reason why a call failed, if ZITADEL did not reject it.
 *
 * - `deadline`: its `timeoutMs` passed. `timeout-signal`: the caller's `AbortSignal.timeout()` fired. `aborted`: the caller
 * aborted the call. `closed`: the client was closed with `force`.
 * - `unreachable`: no request was sent. `connection`: the connection broke before the response was complete.
 * - `answer`: the response was cut off, or does not come from this API.
 * - `proxy`: something in front of ZITADEL answered with an error.
 * - `request`: the request could not be encoded, so nothing was sent.
 * - the others name what answered instead of the API.
 */
export type ErrorReason =
  Ending | "unreachable" | "connection" | "answer" | "proxy" | "request" | MisroutingReason;

/** The parameters of the `ZitadelError` constructor. */
export interface ZitadelErrorInit {
  readonly message: string;
  readonly code: Code;
  readonly metadata?: Headers | undefined;
  readonly details?: ConnectError["details"] | undefined;
  readonly cause?: unknown;
  readonly rpc: string;
  readonly protocol: Protocol | undefined;
  readonly attempts: number;
  readonly httpStatus: number | undefined;
  readonly outcome: "not_done" | "unknown";
  readonly reason: ErrorReason | undefined;
  readonly hint: string | undefined;
  readonly startedAt: Date;
}

/** The brand of the class. All copies of this package in a process share it. */
const brand = Symbol.for("zitadel-idp.ZitadelError");

/**
 * The error of a failed call. It is the same for every wire protocol, except for `protocol`, `httpStatus` and `metadata`.
 *
 * It is also a `ConnectError`, by `instanceof` and by name, so that code that only knows Connect keeps working. Its texts, its
 * cause, and the output of `console.log` and `JSON.stringify` hold no secret of the request and no token.
 *
 * @example
 * try {
 *   await zitadel.admin.getProviderByID({ id });
 * } catch (error) {
 *   if (isZitadelError(error, Code.NotFound)) console.log(error.id, error.hint);
 * }
 */
export class ZitadelError extends ConnectError {
  /**
   * ZITADEL's id of the error, e.g. `ORG-Se3tg`, or the slug that newer APIs have instead. It identifies an error better than the
   * text, which is translated. Undefined if ZITADEL sends none, as for a request that breaks a validation rule.
   */
  readonly id: string | undefined;
  /** The details of the server's error, decoded. `details` has all of them, undecoded. */
  readonly zitadelDetails: readonly ZitadelErrorDetail[];
  /** The RPC, e.g. `zitadel.management.v1.ManagementService/DeleteProvider`. */
  readonly rpc: string;
  /** The wire protocol of the call, if it is known. */
  readonly protocol: Protocol | undefined;
  /** The number of attempts of this call. */
  readonly attempts: number;
  /** The HTTP status, if HTTP carried the error. Over gRPC and gRPC-web, ZITADEL's own errors have none. */
  readonly httpStatus: number | undefined;
  /**
   * The outcome of the call: `not_done` is certain, `unknown` means that the response was lost. A call that only reads is always
   * `not_done`. For an Add with the outcome `unknown`, use `resolveCreate`.
   */
  readonly outcome: "not_done" | "unknown";
  /** The reason why the call did not get through to ZITADEL; undefined if ZITADEL itself sent the error. */
  readonly reason: ErrorReason | undefined;
  /** The likely cause and the fix; for a write of unknown outcome also what to do about that. `message` contains it too. */
  readonly hint: string | undefined;
  /** The start of the call, by the clock of this machine. */
  readonly startedAt: Date;

  constructor(init: ZitadelErrorInit) {
    super(init.message + told(init), init.code, init.metadata, undefined, init.cause);
    // The server's own text, without the additions to `message`.
    (this as { rawMessage: string }).rawMessage = init.message;
    this.details = init.details ?? [];
    this.zitadelDetails = decodeDetails(this.details);
    this.id = idOf(this.zitadelDetails, init.message);
    this.rpc = init.rpc;
    this.protocol = init.protocol;
    this.attempts = init.attempts;
    this.httpStatus = init.httpStatus;
    this.outcome = init.outcome;
    this.reason = init.reason;
    this.hint = init.hint;
    this.startedAt = init.startedAt;
    Object.defineProperties(this, { [brand]: { value: true }, [inspect]: { value: show } });
  }

  // ConnectError's own `Symbol.hasInstance` compares shapes, and would accept every ConnectError.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && brand in value;
  }

  /** Returns the facts for a line in a log, without headers, stack and secrets. */
  toJSON(): Record<string, string | number> {
    const facts = {
      name: "ZitadelError",
      code: codeName(this.code),
      id: this.id,
      message: this.message,
      rpc: this.rpc,
      protocol: this.protocol,
      attempts: this.attempts,
      outcome: this.outcome,
      reason: this.reason,
      httpStatus: this.httpStatus,
      startedAt: this.startedAt.toISOString(),
      cause: this.cause instanceof Error ? this.cause.message : undefined,
    };
    return Object.fromEntries(
      Object.entries(facts).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
  }
}

/**
 * The symbol of the method with which Node.js, Bun and Deno print an error. The output is the stack, then the facts of `toJSON`,
 * then the cause.
 */
const inspect = Symbol.for("nodejs.util.inspect.custom");

function show(
  this: ZitadelError,
  _depth: number,
  options: object,
  inspectValue: (value: unknown, options: object) => string = (value) => JSON.stringify(value),
): string {
  const { name: _name, message: _message, cause: _cause, ...facts } = this.toJSON();
  const stack = (this.stack ?? this.message).replace(/^ConnectError/, "ZitadelError");
  const cause = this.cause === undefined ? "" : `\n  [cause]: ${inspectValue(this.cause, options)}`;
  return `${stack} ${inspectValue(facts, options)}${cause}`;
}

/**
 * Returns true if `error` is a failed call of this client; with `code`, only if it failed with that code.
 *
 * @example
 * if (isZitadelError(error, Code.AlreadyExists)) return;
 */
export function isZitadelError(error: unknown, code?: Code): error is ZitadelError {
  return error instanceof ZitadelError && (code === undefined || error.code === code);
}

/**
 * Returns true if something was or may have been written although the operation failed: for a failed call (`ZitadelError`), an
 * Add that could not be found (`UnresolvedCreateError`), or an operation that failed after a write (`ProviderError`).
 *
 * The function reads the property `outcome`, so that errors of another copy of this package count too.
 *
 * @example
 * if (isOutcomeUnknown(error)) console.warn("check whether the write was carried out");
 */
export function isOutcomeUnknown(error: unknown): error is Error & { readonly outcome: "unknown" } {
  return error instanceof Error && "outcome" in error && error.outcome === "unknown";
}

/** Formats the facts that only this client knows, to follow the server's text. */
function told({ attempts, hint, outcome }: ZitadelErrorInit): string {
  return [
    outcome === "unknown" && " — it is unknown whether the call was carried out",
    hint && ` — ${hint}`,
    attempts > 1 && ` (${attempts} attempts)`,
  ]
    .filter(Boolean)
    .join("");
}

/** Returns Connect's name of a code, e.g. `not_found`. */
export function codeName(code: Code): string {
  return (Code[code] ?? "unknown")
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
}

const schemas = [ErrorDetailSchema, SluggedErrorDetailSchema, CredentialsCheckErrorSchema];

function decodeDetails(details: ConnectError["details"]): ZitadelErrorDetail[] {
  return details.flatMap((detail) => {
    const schema = "type" in detail && schemas.find(({ typeName }) => typeName === detail.type);
    if (!schema) {
      return [];
    }
    try {
      return [fromBinary(schema, detail.value)];
    } catch {
      return [];
    }
  });
}

/** Returns ZITADEL's id of an error that a transport threw. */
export function errorId(error: ConnectError): string | undefined {
  return idOf(decodeDetails(error.details), error.rawMessage);
}

function idOf(details: readonly ZitadelErrorDetail[], message: string): string | undefined {
  for (const detail of details) {
    const id = "slug" in detail ? detail.slug : detail.id;
    if (id !== "") {
      return id;
    }
  }
  // Errors that ZITADEL sends before the handler runs have no details, but an id in their text. So do errors with damaged
  // details.
  return /\bID=([A-Z]+-\w+)/.exec(message)?.[1] ?? /\(([A-Z]\w*-\w+)\)$/.exec(message)?.[1];
}
