import { type Message, setTexts, textsOf } from "../utils/message.js";
import { optionText } from "../utils/option-text.js";

/** The reason why an operation on providers was rejected or failed. */
export type ProviderErrorReason =
  /**
   * The settings or arguments are invalid: the server would reject them, the type does not have them, or they are certainly a mistake.
   * Nothing was written.
   */
  | "invalid"
  /** The provider or policy holds content that this version cannot send back. Nothing was written. */
  | "unknown_content"
  /** ZITADEL offers no way to make this change, or rejected the deletion of an existing provider. Nothing was written. */
  | "not_expressible"
  /**
   * The provider cannot be changed here: it is a legacy IDP, or a provider of the instance seen from an organization. Nothing
   * was written.
   */
  | "read_only"
  /** Several providers match, but one was expected. Nothing was written. */
  | "ambiguous"
  /** Another writer changed the provider. Nothing was written. */
  | "changed"
  /** The server accepted the change, but reads show another value. */
  | "not_applied"
  /** The organization has no login policy of its own. Nothing was written. */
  | "policy_inherited"
  /** Users are linked to the provider to delete, or this could not be determined. Nothing was written. */
  | "linked_users"
  /** The providers of some owners could not be read. The problems name the owners. Nothing was written. */
  | "unreadable"
  /** The plan no longer fits the current providers or the desired state. */
  | "stale_plan"
  /** Another writer added the same provider after the plan was checked. The add was not sent. */
  | "duplicate"
  /** Lists did not show the expected state in time. */
  | "timeout"
  /** A write was done, but a later step failed. `providerId` names the provider, and the problem the next step. */
  | "partly_done";

/** One problem of an operation. */
export interface ProviderProblem {
  /** The location of the problem: names of fields and indexes of lists. */
  readonly path: readonly (string | number)[];
  /** The message, with the limit and the fix. */
  readonly message: string;
}

/** The location of a problem. */
export type ProblemPath = ProviderProblem["path"];

/** The content of a `ProviderError`. */
export interface ProviderErrorInit {
  readonly reason: ProviderErrorReason;
  /** The subject of the error, e.g. `update of 69629023906488334`. */
  readonly about: string;
  readonly problems: readonly ProviderProblem[];
  readonly cause?: unknown;
  /**
   * The outcome of the operation. Default: `unknown` for the reasons `not_applied` and `partly_done`, which follow a write;
   * otherwise `not_done`.
   */
  readonly outcome?: "not_done" | "unknown" | undefined;
  /** The id of the provider that was written. */
  readonly providerId?: string | undefined;
}

/** The reasons of errors that follow a write. */
const afterWrites: ReadonlySet<ProviderErrorReason> = new Set(["not_applied", "partly_done"]);

/**
 * An operation on providers that this client rejected, or that did not have the expected result. If ZITADEL itself rejects a
 * call, the error is a `ZitadelError`.
 *
 * @example
 * try {
 *   await providers.update(id, { clientId });
 * } catch (error) {
 *   if (error instanceof ProviderError) console.error(error.reason, error.problems);
 * }
 */
export class ProviderError extends Error {
  readonly reason: ProviderErrorReason;
  /** All problems, each with its location. */
  readonly problems: readonly ProviderProblem[];
  /**
   * The outcome of the whole operation: `not_done` if certainly nothing was written, `unknown` if any of its writes was done or
   * may have been done.
   */
  readonly outcome: "not_done" | "unknown";
  /** The id of the provider that was written. Set for the reason `partly_done`. */
  readonly providerId: string | undefined;

  constructor({ reason, about, problems, cause, outcome, providerId }: ProviderErrorInit) {
    const message = composeProviderMessage(about, problems);
    super(String(message), cause === undefined ? {} : { cause });
    const quotes = problems.flatMap((problem) => textsOf(problem).quotes ?? []);
    setTexts(this, { message, about, quotes });
    this.name = "ProviderError";
    this.reason = reason;
    this.problems = problems;
    this.outcome = outcome ?? (afterWrites.has(reason) ? "unknown" : "not_done");
    this.providerId = providerId;
  }
}

/** Returns a problem in one line: its location and its message. */
export function formatProblem(problem: ProviderProblem): string {
  return String(toProblemMessage(problem));
}

/** Returns a problem in one line, as a message with parts if it names options. */
export function toProblemMessage(problem: ProviderProblem): Message {
  const { path } = problem;
  const { message } = textsOf(problem);
  return path.length === 0 ? message : optionText`${formatPath(path)}: ${message}`;
}

/** Creates a problem whose message may name options. `quotes` are the causes whose messages it repeats. */
export function createProblem(
  path: ProblemPath,
  message: Message,
  quotes?: readonly unknown[],
): ProviderProblem {
  return setTexts({ path, message: String(message) }, { message, quotes });
}

/** Composes the message of a `ProviderError`: its subject, and its problems. */
function composeProviderMessage(about: Message, problems: readonly ProviderProblem[]): Message {
  return problems
    .map(toProblemMessage)
    .reduce((text, each, index) => optionText`${text}${index === 0 ? ": " : "; "}${each}`, about);
}

/** Returns a location in code notation: `providers[2].options.autoLinking`. */
export function formatPath(path: ProblemPath): string {
  return path
    .map((step, index) =>
      typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join("");
}

/** Throws a `ProviderError` if there are any problems. */
export function throwIfAny(
  reason: ProviderErrorReason,
  about: Message,
  problems: readonly ProviderProblem[],
): void {
  if (problems.length > 0) {
    const error = new ProviderError({ reason, about: String(about), problems });
    throw setTexts(error, { message: composeProviderMessage(about, problems), about });
  }
}
