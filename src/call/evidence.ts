import type { ConnectError } from "@connectrpc/connect";

/** The facts that a transport knows about a failed request besides the error itself. */
export interface Evidence {
  /** The HTTP status, if there was a response. */
  readonly httpStatus?: number;
  /** The HTTP status that the page in the response stands for, if it is more specific than the status of the response. */
  readonly meantStatus?: number;
  /** True if the API itself sent the error, and not something in front of it. Over gRPC, `grpc-status` shows it. */
  readonly spoken?: boolean;
  /**
   * The proof that the request was not carried out: it was never sent (`unsent`), or the server rejected it before it began
   * (`refused`: HTTP/2 REFUSED_STREAM, or a stream above the last one of a GOAWAY).
   */
  readonly notDone?: "unsent" | "refused";
  /** True if the connection failed, before or during the response. */
  readonly broken?: boolean;
  /** True if the response is unusable and another request would bring the same. The text of the error gives the reason. */
  readonly useless?: boolean;
  /** The names of the headers that were sent. A browser may have rejected one of them. */
  readonly headers?: readonly string[];
}

const name = Symbol.for("zitadel-idp.evidence");

/**
 * Returns the evidence of all errors. It is a WeakMap instead of a property, because errors are displayed to users and pass
 * through Connect unchanged. It is global, because parts that are loaded later have their own copy of this module.
 */
function known(): WeakMap<object, Evidence> {
  const shared = globalThis as { [name]?: WeakMap<object, Evidence> };
  return (shared[name] ??= new WeakMap());
}

/** Records facts about `error`, and returns the error. */
export function withEvidence<E extends ConnectError>(error: E, evidence: Evidence): E {
  known().set(error, { ...known().get(error), ...evidence });
  return error;
}

/** Returns the recorded facts about `error`; an empty object if none of our transports recorded any. */
export function evidenceOf(error: unknown): Evidence {
  return (typeof error === "object" && error !== null && known().get(error)) || {};
}
