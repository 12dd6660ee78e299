import type { LoggedRequest } from "zitadel-idp/emulator";
import { collectTexts } from "./collect-texts.js";
import { createMarkers } from "./markers.js";
import { recordProcessOutput } from "./process-output.js";
import { createSearcher, type Report } from "./report.js";
import { type SearchState, searchSituation } from "./search-situation.js";
import { channels, situations } from "./situations.js";
import { startServers } from "./start-servers.js";
import { createTurn } from "./targets.js";

/**
 * Runs calls through all situations whose name matches, and searches all visible output for secrets. With a `step`, only every
 * `step`-th call is made, with a different one over each protocol.
 */
export async function runSecretSearch(only: RegExp = /(?:)/, step: number = 1): Promise<Report> {
  const markers = createMarkers();
  const logged: LoggedRequest[] = [];
  using output = recordProcessOutput();
  await using servers = await startServers(markers, (request) => logged.push(request));
  const searcher = createSearcher(markers);
  const state: SearchState = {
    servers,
    markers,
    logged,
    searcher,
    step,
    turn: createTurn(),
    called: [],
    surprises: [],
    failures: 0,
  };
  for (const situation of situations.filter(({ name }) => only.test(name))) {
    for (const channel of situation.channels ?? channels) {
      await searchSituation(state, situation, channel);
    }
  }
  searcher.search(collectTexts(servers.emulator.log), "emulator log ", "the whole search");
  const written = output.texts.map((text) => ["console", text] as const);
  searcher.search(written, "", "the whole search");
  return {
    calls: state.called.length,
    failures: state.failures,
    rpcs: new Set(state.called.map(({ rpc }) => rpc)).size,
    secretFields: new Set(state.called.flatMap(({ path }) => (path ? [path] : []))).size,
    markers: markers.count,
    searched: searcher.searched,
    leaks: searcher.leaks,
    surprises: state.surprises,
  };
}
