import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../../gen/zitadel/message_pb.js";
import { listTextVariants } from "../../redact/secret-variants.js";
import { redactError } from "../../redact/redact-error.js";
import { redactText } from "../../redact/redact-text.js";
import { collectSecrets } from "../../redact/collect-secrets.js";
import type { Protocol } from "../../call/protocol.js";
import { AttemptError } from "../../call/attempt-error.js";
import type { Call } from "../../call/call.js";
import type { Ending } from "../../call/deadline.js";
import { decideOutcome } from "../../call/outcome.js";
import { hintFor } from "../../hints/hints.js";
import { type Classification, classify } from "../retry/classify.js";
import { ZitadelError } from "./zitadel-error.js";

/** The facts about a failed call besides the error that its transport threw. */
interface FailedCall {
  readonly method: DescMethod;
  /** The request of the caller. Its secrets must not be in the error. */
  readonly input: unknown;
  readonly protocol: Protocol | undefined;
  readonly baseUrl: string | undefined;
  readonly call: Call;
  /** The reason why the client ended the call, if it did. */
  readonly ending?: Ending | undefined;
  readonly timeoutMs?: number | undefined;
  /** The abort reason of the caller's signal. */
  readonly abortReason?: unknown;
}

/** Creates the error of a call that failed with `remainingMs` left before its deadline. */
export function failedCallError(
  thrown: unknown,
  remainingMs: number,
  failed: FailedCall,
): ZitadelError {
  const isLate = isCausedByDeadline(ConnectError.from(thrown), remainingMs);
  return toZitadelError(thrown, {
    ...failed,
    ending: failed.ending ?? (isLate ? "deadline" : undefined),
  });
}

/**
 * Converts anything that a transport threw into the error that callers get. It is the same for each wire protocol, carries all
 * known facts, and contains no secrets.
 */
export function toZitadelError(thrown: unknown, failed: FailedCall): ZitadelError {
  if (thrown instanceof ZitadelError) {
    return thrown;
  }
  const raw = ConnectError.from(thrown);
  const classification = classify(raw);
  const rpc = `${failed.method.parent.typeName}/${failed.method.name}`;
  const hint = failed.ending
    ? undefined
    : hintFor({
        error: raw,
        ...(failed.protocol && { protocol: failed.protocol }),
        ...(failed.baseUrl && { baseUrl: failed.baseUrl }),
        ...(classification.httpStatus && { httpStatus: classification.httpStatus }),
        headers: AttemptError.factsOf(raw).headers ?? [],
        rpc,
        token: failed.call.token,
        orgId: failed.call.orgId,
      });
  const secrets = [
    ...[...new Set(failed.call.secrets)].flatMap(listTextVariants),
    ...collectSecrets(failed.method.input, failed.input),
  ];
  const error = ConnectError.from(redactError(raw, secrets));
  const outcome = decideOutcome(
    failed.method,
    failed.call,
    failed.ending !== undefined || classification.mayBeDone,
  );
  const ended = failed.ending && endings[failed.ending];
  return new ZitadelError({
    // The text of a call that the client ended contains nothing from outside.
    message: ended
      ? ended.message(failed.timeoutMs)
      : redactText(classification.override?.message ?? error.rawMessage, secrets),
    code: (ended ?? classification.override ?? error).code,
    metadata: error.metadata,
    details: failed.ending ? [] : sameDetails(error.details),
    cause: causeOf(error, failed, classification),
    rpc,
    protocol: failed.protocol,
    attempts: failed.call.attempts,
    httpStatus: failed.ending ? undefined : classification.httpStatus,
    outcome,
    reason: failed.ending ?? hint?.reason ?? classification.override?.reason,
    // A write of unknown outcome gets two hints: one about the cause, and one about the outcome.
    hint:
      [
        hint && scrubHint(hint.hint, secrets),
        outcome === "unknown" ? unknownOutcomeHint(failed.method) : undefined,
      ]
        .filter(Boolean)
        .join("; ") || undefined,
    startedAt: new Date(failed.call.startedMs),
  });
}

/** The maximum length of a host name, in characters. */
const maxHost = 253;

/** Removes secrets from a hint. Hints repeat host names from redirects, which URLs convert to lower case. */
function scrubHint(hint: string, secrets: readonly string[]): string {
  const hosts = secrets.filter(({ length }) => length <= maxHost);
  return redactText(
    redactText(hint, secrets),
    hosts.map((secret) => secret.toLowerCase()),
  );
}

/** Hints for writes that must not simply be repeated, by the first word of their names. */
const unknownOutcomeHints: readonly (readonly [name: RegExp, hint: string])[] = [
  [
    /^Add/,
    "do not simply add it again: resolveCreate of zitadel-idp/providers finds out whether it is there",
  ],
  [
    /^Migrate/,
    "do not simply migrate it again: read the provider, whose type shows whether it was migrated; a second migration finds none to migrate",
  ],
  [
    /^Regenerate/,
    "do not simply regenerate it again: read the provider first, because each call creates another certificate",
  ],
];

function unknownOutcomeHint({ name, parent }: DescMethod): string | undefined {
  return /^zitadel\.(?:admin|management)\.v1\./.test(parent.typeName)
    ? unknownOutcomeHints.find(([pattern]) => pattern.test(name))?.[1]
    : undefined;
}

/** The codes and texts of calls that the client ended. They are the same for all wire protocols, whatever each of them threw. */
const endings: Readonly<
  Record<Ending, { code: Code; message: (timeoutMs: number | undefined) => string }>
> = {
  deadline: {
    code: Code.DeadlineExceeded,
    message: (timeoutMs) => `the call did not end within its deadline of ${timeoutMs} ms`,
  },
  "timeout-signal": {
    code: Code.DeadlineExceeded,
    message: () => "the call did not end before the caller's AbortSignal.timeout()",
  },
  aborted: { code: Code.Canceled, message: () => "the caller aborted the call" },
  closed: { code: Code.Canceled, message: () => "the client was closed during the call" },
};

/**
 * Returns the cause of the error: the caller's abort reason, the server's error at the deadline, or the error of the transport.
 */
function causeOf(
  error: ConnectError,
  failed: FailedCall,
  { override, isFromZitadel }: Classification,
): unknown {
  switch (failed.ending) {
    case undefined:
      return override === undefined ? error.cause : (error.cause ?? error);
    case "closed":
      return undefined;
    case "deadline":
      return isFromZitadel ? error : undefined;
    default:
      return failed.abortReason;
  }
}

/** Returns ZITADEL's own details in the form that all wire protocols share. Over REST, the details also hold their JSON. */
function sameDetails(details: ConnectError["details"]): ConnectError["details"] {
  return details.map((detail) =>
    "type" in detail && detail.type === ErrorDetailSchema.typeName
      ? { type: detail.type, value: detail.value }
      : detail,
  );
}

/**
 * The lead that the server's deadline may have over the local one, in milliseconds. The server counts from the arrival of the
 * request, in whole milliseconds.
 */
const slackMs = 10;

/**
 * Returns true if an error near the deadline was caused by the deadline. ZITADEL seldom reports it as such: mostly as `internal`,
 * sometimes as `unknown` or `permission_denied`.
 */
function isCausedByDeadline(error: ConnectError, remainingMs: number): boolean {
  return (
    remainingMs <= 0 ||
    (remainingMs <= slackMs &&
      (error.code === Code.DeadlineExceeded ||
        error.code === Code.Internal ||
        error.code === Code.Unknown ||
        error.rawMessage.includes("AUTH-Bs7Ds")))
  );
}
