import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { IdpClient } from "zitadel-idp";
import type { LoggedRequest } from "zitadel-idp/emulator";
import { call, clientFor, hooksInto, shownByLog } from "./callers.js";
import { createMarkers } from "./markers.js";
import { listenToNoise } from "./noise.js";
import {
  plantedRequest,
  rpcs,
  secretFields,
  type SecretPath,
  secretRpcs,
  shapesOf,
} from "./planted.js";
import { createSearcher, type Report } from "./report.js";
import { shownBy, type Shown, shownByError } from "./sinks.js";
import { type Situation, situations, ways } from "./situations.js";
import { setStage } from "./stage.js";

/** The client and the parameters of a situation. */
interface Target {
  readonly rpc: DescMethodUnary;
  readonly path: SecretPath | undefined;
}

/**
 * Runs calls through all situations whose name matches, and searches all visible output for secrets. With a `step`, only every
 * `step`-th call is made, with a different one over each protocol.
 */
export async function runCampaign(only: RegExp = /(?:)/, step: number = 1): Promise<Report> {
  const markers = createMarkers();
  const searcher = createSearcher(markers);
  const surprises: string[] = [];
  const counts = { calls: 0, failures: 0 };
  const called = new Set<DescMethodUnary>();
  const planted = new Set<SecretPath>();
  const told: LoggedRequest[] = [];
  const turn = createTurn();
  using noise = listenToNoise();
  await using stage = await setStage(markers, (request) => told.push(request));

  for (const situation of situations.filter(({ name }) => only.test(name))) {
    for (const way of situation.ways ?? ways) {
      const targets = targetsOf(situation, turn);
      const events: Shown[] = [];
      const errors: unknown[] = [];
      const clients: IdpClient[] = [];
      for (const [index, { rpc, path }] of targets.entries()) {
        if ((index + ways.indexOf(way)) % step !== 0) {
          continue;
        }
        const where = `${situation.name}, ${way}, ${rpc.name}`;
        const token = stage.tokens.owners[index % stage.tokens.owners.length] ?? "";
        // One client for each token serves all calls, because connections take time.
        const client = (clients[index % stage.tokens.owners.length] ??= clientFor(
          situation,
          way,
          stage,
          index,
          hooksInto(events, errors),
        ));
        const shape =
          path && turn(shapesOf(path)[situation.wrongTypes ? "wrong" : "right"], situation.name);
        const { request, secret } = plantedRequest(rpc, path, shape, markers);
        const attempt = { way, secret, token, index };
        const fault = situation.fault?.(attempt);
        using _ = fault && stage.emulator.inject({ fault });
        counts.calls++;
        called.add(rpc);
        if (path) {
          planted.add(path);
        }
        const outcome = await call(client, rpc, request, situation.call?.(attempt));
        searcher.search(events.splice(0), "hooks ", where);
        for (const error of new Set(errors.splice(0))) {
          if (!("error" in outcome) || error !== outcome.error) {
            searcher.search(shownByError(error), "hooks error ", where);
          }
        }
        if ("result" in outcome) {
          searcher.search(shownBy(outcome.result), "result ", where);
          if (!situation.maySucceed) {
            surprises.push(`${where}: succeeded`);
          }
        } else {
          counts.failures++;
          searcher.search(shownByError(outcome.error), "error ", where);
        }
      }
      searcher.search(shownBy(clients.find(Boolean)), "client ", `${situation.name}, ${way}`);
      await Promise.all(clients.map((client) => client.close()));
      searcher.search(shownByLog(told.splice(0)), "emulator ", `${situation.name}, ${way}`);
    }
  }
  searcher.search(shownBy(stage.emulator.log), "emulator log ", "the whole campaign");
  searcher.search(
    noise.texts.map((text) => ["console", text]),
    "",
    "the whole campaign",
  );
  return {
    ...counts,
    rpcs: called.size,
    secretFields: planted.size,
    markers: markers.count,
    searched: searcher.searched,
    leaks: searcher.leaks,
    surprises,
  };
}

type Turn = <T>(list: readonly T[], key?: string) => T;

/** Returns the next item of each list, endlessly. */
function createTurn(): Turn {
  const next = new Map<unknown, Map<string, number>>();
  return <T>(list: readonly T[], key = ""): T => {
    const byKey = next.get(list) ?? new Map<string, number>();
    next.set(list, byKey);
    const index = byKey.get(key) ?? 0;
    byKey.set(key, index + 1);
    return list[index % list.length] as T;
  };
}

function targetsOf({ calls }: Situation, turn: Turn): Target[] {
  const withSecrets = secretFields.map(({ rpc, path }): Target => ({ rpc, path }));
  if (calls === "secrets") {
    return withSecrets;
  }
  if (calls === "all") {
    const others = rpcs.filter((rpc) => !secretRpcs.includes(rpc));
    return [...withSecrets, ...others.map((rpc): Target => ({ rpc, path: undefined }))];
  }
  return Array.from({ length: calls }, () => turn(secretFields));
}
