/** Why an operation on providers was refused, or what became of it. */
export type ProviderErrorReason =
  /** Settings that the server would refuse, that the type does not have, or that are certainly a mistake. Nothing was sent. */
  | "invalid"
  /** What was read holds something that this version cannot send back. Nothing was sent. */
  | "unknown_content"
  /** The server has no way to do that. Nothing was sent. */
  | "not_expressible"
  /** Not to be changed from here: a legacy IDP, a provider of the instance seen from an organization. Nothing was sent. */
  | "read_only"
  /** There are several where one was meant. Nothing was sent. */
  | "ambiguous"
  /** Somebody else changed it. Nothing was sent. */
  | "changed"
  /** The server said yes, and reads show something else. */
  | "not_applied"
  /** The organization has no login policy of its own. Nothing was sent. */
  | "policy_inherited"
  /** Users are linked to what should be deleted, or nobody can tell. Nothing was sent. */
  | "linked_users"
  /** Providers of some owners could not be read: the problems name the owners. Nothing was sent. */
  | "unreadable"
  /** The plan does not fit what is there any more. */
  | "stale_plan"
  /** Somebody else made the same provider after the plan was checked. The add was not sent. */
  | "duplicate"
  /** What was waited for did not come in time. */
  | "timeout"
  /** A first write was done, and a later step failed: `providerId` says of which provider, the problem how to go on. */
  | "partly_done";

/** One thing that is wrong. */
export interface ProviderProblem {
  /** Where: names of fields and indexes of lists. */
  readonly path: readonly (string | number)[];
  /** What, with the limit and the way out. */
  readonly message: string;
}

/** What a `ProviderError` is made of. */
export interface ProviderErrorInit {
  readonly reason: ProviderErrorReason;
  /** What it is about, e.g. `update of 69629023906488334`. */
  readonly about: string;
  readonly problems: readonly ProviderProblem[];
  readonly cause?: unknown;
  /** Default: `unknown` for the reasons `not_applied` and `partly_done`, which come after a write; otherwise `not_done`. */
  readonly outcome?: "not_done" | "unknown" | undefined;
  /** The provider that was written. */
  readonly providerId?: string | undefined;
}

/** Reasons of errors that come after a write. */
const afterWrites: ReadonlySet<ProviderErrorReason> = new Set(["not_applied", "partly_done"]);

/**
 * An operation on providers that was refused on this side, or did not come out as it should. What ZITADEL itself refuses is a
 * `ZitadelError` as ever.
 */
export class ProviderError extends Error {
  readonly reason: ProviderErrorReason;
  /** All that is wrong, each with its place. */
  readonly problems: readonly ProviderProblem[];
  /**
   * The answer to "did it happen?" for the operation as a whole: `not_done` if certainly nothing was written, `unknown` if any of
   * its writes was done or may have been done.
   */
  readonly outcome: "not_done" | "unknown";
  /** The id of the provider that was written, of reason `partly_done`. */
  readonly providerId: string | undefined;

  constructor({ reason, about, problems, cause, outcome, providerId }: ProviderErrorInit) {
    super(
      `${about}: ${problems.map(problemText).join("; ")}`,
      cause === undefined ? {} : { cause },
    );
    this.name = "ProviderError";
    this.reason = reason;
    this.problems = problems;
    this.outcome = outcome ?? (afterWrites.has(reason) ? "unknown" : "not_done");
    this.providerId = providerId;
  }
}

/** A problem in one line: its place, and what is wrong there. */
export function problemText({ path, message }: ProviderProblem): string {
  return path.length === 0 ? message : `${pathText(path)}: ${message}`;
}

/** A place as one writes it in code: `providers[2].options.autoLinking`. */
export function pathText(path: ProviderProblem["path"]): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join("");
}
