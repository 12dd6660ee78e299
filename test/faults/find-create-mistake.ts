import type { StoredProvider } from "../../src/emulator/store/stored-provider.js";
import type { CreateResult } from "./create-methods.js";

/** The time after which lists surely show a new provider, even on a busy machine. */
const listLagMs = 300;

/** The store after a create. */
export interface StoreAfterCreate {
  /** The providers with the content of the create. */
  readonly stored: readonly StoredProvider[];
  /** The id of the duplicate that another client created. Undefined: there is none. */
  readonly duplicateId: string | undefined;
  /** The time of the last list that the caller read. */
  readonly listedMs: number;
}

/** Returns the mistake in the result of a create. Returns undefined if there is none. */
export function findCreateMistake(
  { status, id }: CreateResult,
  { stored, duplicateId, listedMs }: StoreAfterCreate,
): string | undefined {
  const created = stored.map(({ view }) => view.id).filter((each) => each !== duplicateId);
  if (created.length > 1) {
    return `the store has ${created.join()}`;
  }
  const [createdId] = created;
  const duplicate = stored.find(({ view }) => view.id === duplicateId);
  return checks[status]({ id, createdId, duplicate, listedMs });
}

/** The facts about one create. */
interface CreateFacts {
  /** The id that the caller got. */
  readonly id: string | undefined;
  /** The id of the provider that the call created. */
  readonly createdId: string | undefined;
  readonly duplicate: StoredProvider | undefined;
  readonly listedMs: number;
}

const findUnreportedCreate = ({ createdId }: CreateFacts): string | undefined =>
  createdId && `the store has ${createdId}`;

/** The check of each status. It returns the mistake. */
const checks: Readonly<Record<CreateResult["status"], (facts: CreateFacts) => string | undefined>> =
  {
    created(facts) {
      return facts.id === facts.createdId
        ? findUnreportedDuplicate(facts)
        : `the store has ${facts.createdId ?? "nothing"}`;
    },
    ambiguous: ({ duplicate }) => (duplicate === undefined ? "there is no duplicate" : undefined),
    not_found: findUnreportedCreate,
    // The server was down for the whole search.
    unread: () => undefined,
    not_done: findUnreportedCreate,
    failed: () => "neither found nor ambiguous",
  };

/** Returns the mistake if the caller's last list showed a duplicate that the result does not report. */
function findUnreportedDuplicate({ duplicate, listedMs }: CreateFacts): string | undefined {
  return duplicate !== undefined && createdMs(duplicate) + listLagMs < listedMs
    ? `did not report the duplicate ${duplicate.view.id}`
    : undefined;
}

function createdMs({ view: { details } }: StoredProvider): number {
  const { seconds = 0n, nanos = 0 } = details?.creationDate ?? {};
  return Number(seconds) * 1000 + nanos / 1e6;
}
