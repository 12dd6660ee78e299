import type { ConnectError } from "@connectrpc/connect";

/** What a wire knows about a failed request beyond the error itself. */
export interface Evidence {
  /** The HTTP status, where an answer came. */
  readonly httpStatus?: number;
  /** The HTTP status that the page in the answer stands for, where it says more than the status of the answer. */
  readonly meantStatus?: number;
  /** That the error is the word of the API itself, not of something in front of it. Over gRPC `grpc-status` tells. */
  readonly spoken?: boolean;
  /**
   * That the request was certainly not carried out: it never left (`unsent`), or the other side said so itself
   * (`refused`: HTTP/2 REFUSED_STREAM, or a stream above the last one of a GOAWAY).
   */
  readonly notDone?: "unsent" | "refused";
  /** That the connection failed, before an answer or in the midst of it. */
  readonly broken?: boolean;
  /** True if an answer came of which nothing can be used, and another request would bring the same. Its text says why. */
  readonly useless?: boolean;
  /** The names of the headers that were sent, where a browser may have refused one of them. */
  readonly headers?: readonly string[];
}

const name = Symbol.for("zitadel-idp.evidence");

/**
 * Not a property of the errors: they are shown to users, and pass through Connect, which keeps them as they are. One for all
 * copies of this module: parts that are loaded later have their own.
 */
function known(): WeakMap<object, Evidence> {
  const shared = globalThis as { [name]?: WeakMap<object, Evidence> };
  return (shared[name] ??= new WeakMap());
}

/** Notes what is known about `error`, and returns it. */
export function withEvidence<E extends ConnectError>(error: E, evidence: Evidence): E {
  known().set(error, { ...known().get(error), ...evidence });
  return error;
}

/** What is known about `error`: nothing, if no wire of ours noted it. */
export function evidenceOf(error: unknown): Evidence {
  return (typeof error === "object" && error !== null && known().get(error)) || {};
}
