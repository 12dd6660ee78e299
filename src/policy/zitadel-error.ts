import { fromBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type ErrorDetail as SluggedErrorDetail,
  ErrorDetailSchema as SluggedErrorDetailSchema,
} from "../../gen/zitadel/error/v2/error_pb.js";
import {
  type CredentialsCheckError,
  CredentialsCheckErrorSchema,
  type ErrorDetail,
  ErrorDetailSchema,
} from "../../gen/zitadel/message_pb.js";
import type { Protocol } from "../runtime/runtime.js";
import type { Ending } from "../transport/limits.js";
import type { MisroutingReason } from "./hints.js";

/** A detail of an error of ZITADEL: the form its APIs of the first generation use, that of the newer ones, or that of a failed login. */
export type ZitadelErrorDetail = ErrorDetail | SluggedErrorDetail | CredentialsCheckError;

/**
 * Why a call failed, where it was not ZITADEL that refused it.
 *
 * - `deadline`: its `timeoutMs` passed; `timeout-signal`: the caller's `AbortSignal.timeout()` did; `aborted`: the caller
 *   gave up; `closed`: the client was closed with `force`.
 * - `unreachable`: no request left; `connection`: the connection broke before the answer was whole.
 * - `answer`: what came back was cut off, or is no answer of this API.
 * - `proxy`: something in front of ZITADEL answered with an error.
 * - `request`: the request could not be written, so nothing was sent.
 * - the others say what was reached in the place of the API.
 */
export type ErrorReason =
  Ending | "unreachable" | "connection" | "answer" | "proxy" | "request" | MisroutingReason;

/** What `ZitadelError` is made of. */
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

/** Shared by all copies of this package in a process. */
const brand = Symbol.for("zitadel-idp.ZitadelError");

/**
 * A failed call. It is the same on every wire but for `protocol`, `httpStatus` and `metadata`.
 *
 * It is a `ConnectError` too, and bears that name, so that code which knows only Connect goes on to work. Neither its
 * texts, nor its cause, nor what `console.log` and `JSON.stringify` make of it hold a secret of the request or the token.
 */
export class ZitadelError extends ConnectError {
  /**
   * ZITADEL's id of the error, e.g. `ORG-Se3tg`, or the slug that newer APIs have instead. It tells errors apart better
   * than the text, which is translated. None where ZITADEL gives none, as for a request that breaks a rule.
   */
  readonly id: string | undefined;
  /** What the server said beyond code and text, decoded. `details` has all of it, undecoded. */
  readonly zitadelDetails: readonly ZitadelErrorDetail[];
  /** The RPC, e.g. `zitadel.management.v1.ManagementService/DeleteProvider`. */
  readonly rpc: string;
  /** The wire that the call went over, where it is known. */
  readonly protocol: Protocol | undefined;
  /** How many requests were made of this call. */
  readonly attempts: number;
  /** The HTTP status, where HTTP carried the error: over gRPC and gRPC-web ZITADEL's own errors have none. */
  readonly httpStatus: number | undefined;
  /**
   * The answer to "did it happen?": `not_done` is certain, `unknown` is what remains when an answer was lost. A call that
   * only reads is always `not_done`. For an Add of unknown outcome there is `resolveCreate`.
   */
  readonly outcome: "not_done" | "unknown";
  /** What went wrong between here and ZITADEL; none where ZITADEL itself answered with the error. */
  readonly reason: ErrorReason | undefined;
  /** The likely cause and the way out; for a write of unknown outcome also what to do about that. `message` says it too. */
  readonly hint: string | undefined;
  /** When the call began, by the clock of this machine. */
  readonly startedAt: Date;

  constructor(init: ZitadelErrorInit) {
    super(init.message + told(init), init.code, init.metadata, undefined, init.cause);
    // What the server said, without what is added to `message`.
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

  // ConnectError's own looks at shapes, and would take every ConnectError for one of these.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && brand in value;
  }

  /** What is worth a line in a log: no header, no stack, no secret. */
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

/** How Node.js, Bun and Deno show an error: the stack, then what `toJSON` has, then the cause. */
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

/** Whether `error` is a failed call of this client; with `code`, whether it failed with that code. */
export function isZitadelError(error: unknown, code?: Code): error is ZitadelError {
  return error instanceof ZitadelError && (code === undefined || error.code === code);
}

/**
 * Returns true if `error` says that something was or may have been written: a failed call (`ZitadelError`), an Add that could not be
 * found (`UnresolvedCreateError`), or an operation that failed after a write (`ProviderError`). It reads the property `outcome`, so
 * that errors of another copy of this package count too.
 */
export function isOutcomeUnknown(error: unknown): error is Error & { readonly outcome: "unknown" } {
  return error instanceof Error && "outcome" in error && error.outcome === "unknown";
}

/** What only this client knows, behind what the server said. */
function told({ attempts, hint, outcome }: ZitadelErrorInit): string {
  return [
    outcome === "unknown" && " — it is unknown whether the call was carried out",
    hint && ` — ${hint}`,
    attempts > 1 && ` (${attempts} attempts)`,
  ]
    .filter(Boolean)
    .join("");
}

/** Connect's name of a code, e.g. `not_found`. */
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

/** ZITADEL's id of an error that a wire threw. */
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
  // Errors from before the call was looked at have no details, but an id within the text. So has an error with damaged details.
  return /\bID=([A-Z]+-\w+)/.exec(message)?.[1] ?? /\(([A-Z]\w*-\w+)\)$/.exec(message)?.[1];
}
