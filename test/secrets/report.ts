import type { Markers } from "./markers.js";
import { findMarkers, type FoundMarker } from "./find-markers.js";
import type { SinkText } from "./collect-texts.js";

/** A marker that appeared in an output. */
export interface Leak {
  readonly sink: string;
  readonly encoding: string;
  /** The place where it was planted. */
  readonly planted: string;
  /** The situation, the protocol and the RPC in which it appeared. */
  readonly where: string;
}

/** The searched outputs and the findings. */
export interface Findings {
  /** The number of searched texts of each sink. */
  readonly searched: ReadonlyMap<string, number>;
  readonly leaks: readonly Leak[];
}

/** The calls and findings of a search. */
export interface Report extends Findings {
  readonly calls: number;
  readonly failures: number;
  readonly rpcs: number;
  readonly secretFields: number;
  readonly markers: number;
  /** The calls whose result differs from that expected in their situation. */
  readonly surprises: readonly string[];
}

/** Searches texts for markers, and counts the texts. */
export interface Searcher {
  /** Searches a text. `where` names the situation, `prefix` the owner of the sinks. */
  search(shown: Iterable<SinkText>, prefix: string, where: string): void;
}

export function createSearcher(markers: Markers): Searcher & Findings {
  const searched = new Map<string, number>();
  const leaks: Leak[] = [];
  // Many sinks receive the same texts.
  const known = new Map<string, FoundMarker[]>();
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

/** Formats the leaks in a few lines, for a failing test. */
export function summarizeLeaks(leaks: readonly Leak[]): string[] {
  const lines = leaks.map(
    ({ sink, encoding, planted, where }) => `${sink} (${encoding}): ${planted}, in: ${where}`,
  );
  return [...new Set(lines)].slice(0, 20);
}

/** Returns the owners of all searched texts. */
export function listSinkOwners(sinks: Iterable<string>): Set<string> {
  return new Set([...sinks].map((sink) => sink.split(" ").slice(0, 2).join(" ")));
}
