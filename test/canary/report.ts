import type { Markers } from "./markers.js";
import { findMarkers, type Found } from "./search.js";
import type { Shown } from "./sinks.js";

/** A marker that came out. */
export interface Leak {
  readonly sink: string;
  readonly encoding: string;
  /** Where it was planted. */
  readonly planted: string;
  /** In which situation it came out, over which wire, of which RPC. */
  readonly where: string;
}

/** What was searched, and what was found. */
export interface Findings {
  /** How many texts were searched of each sink. */
  readonly searched: ReadonlyMap<string, number>;
  readonly leaks: readonly Leak[];
}

/** What a campaign did and found. */
export interface Report extends Findings {
  readonly calls: number;
  readonly failures: number;
  readonly rpcs: number;
  readonly secretFields: number;
  readonly markers: number;
  /** Calls that ended otherwise than their situation says. */
  readonly surprises: readonly string[];
}

/** A search that counts. */
export interface Searcher {
  /** `where` says what was going on, `prefix` what the sinks belong to. */
  search(shown: Iterable<Shown>, prefix: string, where: string): void;
}

export function createSearcher(markers: Markers): Searcher & Findings {
  const searched = new Map<string, number>();
  const leaks: Leak[] = [];
  // The same texts come by in many sinks.
  const known = new Map<string, Found[]>();
  return {
    searched,
    leaks,
    search(shown, prefix, where) {
      known.clear();
      for (const [name, text] of shown) {
        const sink = `${prefix}${name}`;
        searched.set(sink, (searched.get(sink) ?? 0) + 1);
        const found = known.get(text) ?? findMarkers(text);
        known.set(text, found);
        for (const { core, encoding } of found) {
          leaks.push({ sink, encoding, planted: markers.labelOf(core), where });
        }
      }
    },
  };
}

/** The leaks in a few lines, for a failing test. */
export function summaryOf(leaks: readonly Leak[]): string[] {
  const lines = leaks.map(
    ({ sink, encoding, planted, where }) => `${sink} (${encoding}): ${planted}, in: ${where}`,
  );
  return [...new Set(lines)].slice(0, 20);
}

/** All that was searched, by what it belongs to. */
export function familiesOf(sinks: Iterable<string>): Set<string> {
  return new Set([...sinks].map((sink) => sink.split(" ").slice(0, 2).join(" ")));
}
