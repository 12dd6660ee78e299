import { composeMessage } from "./compose-message.js";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Protocol } from "../../call/protocol.js";
import type { Outcome } from "../../call/outcome.js";
import type { ZitadelErrorDetail } from "../../hints/error-id.js";
import type { ErrorReason } from "../classify/error-reason.js";
import { isError } from "../../utils/is-error.js";

/** The parameters of the `ZitadelError` constructor. */
export interface ZitadelErrorInit {
  readonly message: string;
  readonly code: Code;
  readonly metadata?: Headers | undefined;
  readonly details?: ConnectError["details"] | undefined;
  readonly zitadelDetails: readonly ZitadelErrorDetail[];
  readonly id: string | undefined;
  readonly cause?: unknown;
  readonly rpc: string;
  readonly protocol: Protocol | undefined;
  readonly attempts: number;
  readonly httpStatus: number | undefined;
  readonly outcome: Outcome;
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
   * ZITADEL's id of the error, e.g. `ORG-Se3tg`, or the slug that v2 services have instead. It identifies an error better than the
   * text, which is translated. Undefined if ZITADEL sends none, as for a request that breaks a validation rule. `docs/errors.md`
   * explains the ids that people meet.
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
  readonly outcome: Outcome;
  /** The reason why the call did not reach ZITADEL; undefined if ZITADEL itself sent the error. */
  readonly reason: ErrorReason | undefined;
  /** The likely cause and the fix. After a write of unknown outcome, also the advice on it. `message` contains the hint too. */
  readonly hint: string | undefined;
  /** The start of the call, by the clock of this machine. */
  readonly startedAt: Date;

  constructor(init: ZitadelErrorInit) {
    super(String(composeMessage(init)), init.code, init.metadata, undefined, init.cause);
    // The server's own text, without the additions to `message`.
    (this as { rawMessage: string }).rawMessage = init.message;
    this.details = init.details ?? [];
    this.zitadelDetails = init.zitadelDetails;
    this.id = init.id;
    this.rpc = init.rpc;
    this.protocol = init.protocol;
    this.attempts = init.attempts;
    this.httpStatus = init.httpStatus;
    this.outcome = init.outcome;
    this.reason = init.reason;
    this.hint = init.hint;
    this.startedAt = init.startedAt;
    Object.defineProperties(this, { [brand]: { value: true }, [inspect]: { value: inspectError } });
  }

  // ConnectError's own `Symbol.hasInstance` compares shapes, and would accept every ConnectError.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isError(value) && brand in value;
  }

  /** Returns the facts for a line in a log, without headers, stack and secrets. */
  toJSON(): Record<string, string | number> {
    const facts = {
      name: "ZitadelError",
      code: toCodeName(this.code),
      id: this.id,
      message: this.message,
      rpc: this.rpc,
      protocol: this.protocol,
      attempts: this.attempts,
      outcome: this.outcome,
      reason: this.reason,
      httpStatus: this.httpStatus,
      startedAt: this.startedAt.toISOString(),
      cause: isError(this.cause) ? this.cause.message : undefined,
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

function inspectError(
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
  return isError(error) && "outcome" in error && error.outcome === "unknown";
}

/** Returns Connect's name of a code, e.g. `not_found`. */
export function toCodeName(code: Code): string {
  return (Code[code] ?? "unknown")
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();
}
