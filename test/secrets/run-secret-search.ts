import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { IdpClient } from "zitadel-idp";
import type { LoggedRequest } from "zitadel-idp/emulator";
import {
  callRpc,
  createSituationClient,
  createRecordingHooks,
  collectLogTexts,
} from "./call-rpc.js";
import { createMarkers } from "./markers.js";
import { recordProcessOutput } from "./process-output.js";
import {
  plantedRequest,
  rpcs,
  secretFields,
  type SecretPath,
  secretRpcs,
  findShapes,
} from "./planted-secrets.js";
import { createSearcher, type Report } from "./report.js";
import { collectTexts, type SinkText, collectErrorTexts } from "./collect-texts.js";
import { type Situation, situations, channels } from "./situations.js";
import { startServers } from "./start-servers.js";

/** An RPC to call, and the path of the secret in its request. */
interface Target {
  readonly rpc: DescMethodUnary;
  readonly path: SecretPath | undefined;
}

/**
 * Runs calls through all situations whose name matches, and searches all visible output for secrets. With a `step`, only every
 * `step`-th call is made, with a different one over each protocol.
 */
export async function runSecretSearch(only: RegExp = /(?:)/, step: number = 1): Promise<Report> {
  const markers = createMarkers();
  const searcher = createSearcher(markers);
  const surprises: string[] = [];
  const counts = { calls: 0, failures: 0 };
  const called = new Set<DescMethodUnary>();
  const planted = new Set<SecretPath>();
  const logged: LoggedRequest[] = [];
  const turn = createTurn();
  using output = recordProcessOutput();
  await using servers = await startServers(markers, (request) => logged.push(request));

  for (const situation of situations.filter(({ name }) => only.test(name))) {
    for (const channel of situation.channels ?? channels) {
      const targets = targetsOf(situation, turn);
      const events: SinkText[] = [];
      const errors: unknown[] = [];
      const clients: IdpClient[] = [];
      for (const [index, { rpc, path }] of targets.entries()) {
        if ((index + channels.indexOf(channel)) % step !== 0) {
          continue;
        }
        const where = `${situation.name}, ${channel}, ${rpc.name}`;
        const token = servers.tokens.owners[index % servers.tokens.owners.length] ?? "";
        // One client for each token serves all calls, because connections take time.
        const client = (clients[index % servers.tokens.owners.length] ??= createSituationClient(
          situation,
          channel,
          servers,
          index,
          createRecordingHooks(events, errors),
        ));
        const shape =
          path && turn(findShapes(path)[situation.wrongTypes ? "wrong" : "right"], situation.name);
        const { request, secret } = plantedRequest(rpc, path, shape, markers);
        const attempt = { channel, secret, token, index };
        const fault = situation.fault?.(attempt);
        using _ = fault && servers.emulator.inject({ fault });
        counts.calls++;
        called.add(rpc);
        if (path) {
          planted.add(path);
        }
        const outcome = await callRpc(client, rpc, request, situation.call?.(attempt));
        searcher.search(events.splice(0), "hooks ", where);
        for (const error of new Set(errors.splice(0))) {
          if (!("error" in outcome) || error !== outcome.error) {
            searcher.search(collectErrorTexts(error), "hooks error ", where);
          }
        }
        if ("result" in outcome) {
          searcher.search(collectTexts(outcome.result), "result ", where);
          if (!situation.maySucceed) {
            surprises.push(`${where}: succeeded`);
          }
        } else {
          counts.failures++;
          searcher.search(collectErrorTexts(outcome.error), "error ", where);
        }
      }
      searcher.search(
        collectTexts(clients.find(Boolean)),
        "client ",
        `${situation.name}, ${channel}`,
      );
      await Promise.all(clients.map((client) => client.close()));
      searcher.search(
        collectLogTexts(logged.splice(0)),
        "emulator ",
        `${situation.name}, ${channel}`,
      );
    }
  }
  searcher.search(collectTexts(servers.emulator.log), "emulator log ", "the whole search");
  searcher.search(
    output.texts.map((text) => ["console", text]),
    "",
    "the whole search",
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
