import type { StoredProvider } from "../../src/emulator/store/stored-provider.js";
import type { CreateResult } from "./create-ways.js";

/** So long after a twin was made, lists show it. It is longer than they lag, on a busy machine. */
const visibleAfterMs = 300;

/** The store after a create, and the twin that another client made. */
export interface CreateEvidence {
  /** The providers with the content of the create. */
  readonly stored: readonly StoredProvider[];
  /** Undefined if there is no twin. */
  readonly twinId: string | undefined;
  /** The time of the last list that the caller read. */
  readonly listedMs: number;
}

/** Returns the mistake in what the caller of a create was told, if there is one. */
export function findCreateMistake(
  { told, id }: CreateResult,
  { stored, twinId, listedMs }: CreateEvidence,
): string | undefined {
  const [own, ...more] = stored.filter(({ view }) => view.id !== twinId).map(({ view }) => view.id);
  if (more.length > 0) {
    return `the store has ${[own, ...more].join()}`;
  }
  const twin = stored.find(({ view }) => view.id === twinId);
  return checks[told]({ id, own, twin, listedMs });
}

/** The facts about a create whose caller was told something. */
interface CreateFacts {
  /** The id that the caller was told. */
  readonly id: string | undefined;
  /** The id of the provider that the call made. */
  readonly own: string | undefined;
  readonly twin: StoredProvider | undefined;
  readonly listedMs: number;
}

const isNotStored = ({ own }: CreateFacts): string | undefined => own && `the store has ${own}`;

/** The check of each result. It returns the mistake. */
const checks: Readonly<Record<CreateResult["told"], (facts: CreateFacts) => string | undefined>> = {
  made(facts) {
    return facts.id === facts.own
      ? findHiddenTwin(facts)
      : `the store has ${facts.own ?? "nothing"}`;
  },
  ambiguous: ({ twin }) => (twin === undefined ? "there is no twin" : undefined),
  not_found: isNotStored,
  // The server was away for all of the search.
  unread: () => undefined,
  not_done: isNotStored,
  failed: () => "neither found nor ambiguous",
};

/** Returns the mistake if a twin was there in time, and the caller was told nothing of it. */
function findHiddenTwin({ twin, listedMs }: CreateFacts): string | undefined {
  return twin !== undefined && createdMs(twin) + visibleAfterMs < listedMs
    ? `nothing was told of the twin ${twin.view.id}`
    : undefined;
}

function createdMs({ view: { details } }: StoredProvider): number {
  const { seconds = 0n, nanos = 0 } = details?.creationDate ?? {};
  return Number(seconds) * 1000 + nanos / 1e6;
}
