import type { IdpClient } from "zitadel-idp";
import type { LoggedRequest } from "zitadel-idp/emulator";
import {
  callRpc,
  collectLogTexts,
  createRecordingHooks,
  createSituationClient,
} from "./call-rpc.js";
import { collectErrorTexts, collectTexts, type SinkText } from "./collect-texts.js";
import type { Markers } from "./markers.js";
import { findShapes, plantedRequest } from "./planted-secrets.js";
import type { Searcher } from "./report.js";
import { type Channel, channels, type Situation, type SituationServers } from "./situations.js";
import { listTargets, type Target, type Turn } from "./targets.js";

/** The parts of a search that all situations share, and its findings so far. */
export interface SearchState {
  readonly servers: SituationServers;
  readonly markers: Markers;
  /** The requests that the emulator logged and that were not searched yet. */
  readonly logged: LoggedRequest[];
  readonly searcher: Searcher;
  /** The distance between the calls that are made: 1 for all calls, 3 for every third one. */
  readonly step: number;
  readonly turn: Turn;
  /** The target of each call. */
  readonly called: Target[];
  readonly surprises: string[];
  failures: number;
}

/** A situation over one channel, with the content of its hooks that was not searched yet. */
interface Stage {
  readonly situation: Situation;
  readonly channel: Channel;
  readonly events: SinkText[];
  readonly hookErrors: unknown[];
}

/** A call within a situation. */
interface StagedCall {
  readonly target: Target;
  /** The number of the call within its situation. */
  readonly index: number;
}

/** Makes the calls of a situation over one channel, and searches their results, the clients and the log of the emulator. */
export async function searchSituation(
  state: SearchState,
  situation: Situation,
  channel: Channel,
): Promise<void> {
  const { searcher, step } = state;
  const stage: Stage = { situation, channel, events: [], hookErrors: [] };
  const clients: IdpClient[] = [];
  for (const [index, target] of listTargets(situation, state.turn).entries()) {
    if ((index + channels.indexOf(channel)) % step === 0) {
      // One client for each token serves all calls, because connections take time.
      const client = (clients[index % state.servers.tokens.owners.length] ??= createClient(
        state,
        stage,
        index,
      ));
      await searchCall(state, stage, client, { target, index });
    }
  }
  const where = `${situation.name}, ${channel}`;
  searcher.search(collectTexts(clients.find(Boolean)), "client ", where);
  await Promise.all(clients.map((client) => client.close()));
  searcher.search(collectLogTexts(state.logged.splice(0)), "emulator ", where);
}

/** Creates the client for a call and for the later ones with the same token. */
function createClient({ servers }: SearchState, stage: Stage, index: number): IdpClient {
  const { situation, channel, events, hookErrors } = stage;
  const hooks = createRecordingHooks(events, hookErrors);
  return createSituationClient(situation, channel, servers, index, hooks);
}

/** Makes a call with a planted secret, and searches its result and its hooks. */
async function searchCall(
  state: SearchState,
  stage: Stage,
  client: IdpClient,
  call: StagedCall,
): Promise<void> {
  const { searcher } = state;
  const { situation, channel } = stage;
  const where = `${situation.name}, ${channel}, ${call.target.rpc.name}`;
  const outcome = await callTarget(state, stage, client, call);
  searcher.search(stage.events.splice(0), "hooks ", where);
  for (const error of new Set(stage.hookErrors.splice(0))) {
    if (!("error" in outcome) || error !== outcome.error) {
      searcher.search(collectErrorTexts(error), "hooks error ", where);
    }
  }
  if ("error" in outcome) {
    state.failures++;
    searcher.search(collectErrorTexts(outcome.error), "error ", where);
    return;
  }
  searcher.search(collectTexts(outcome.result), "result ", where);
  if (!situation.maySucceed) {
    state.surprises.push(`${where}: succeeded`);
  }
}

/** Plants a secret in a request, and sends it under the fault and with the options of the situation. */
async function callTarget(
  { servers, markers, turn, called }: SearchState,
  { situation, channel }: Stage,
  client: IdpClient,
  { target, index }: StagedCall,
): ReturnType<typeof callRpc> {
  const { rpc, path } = target;
  const { owners } = servers.tokens;
  const kind = situation.wrongTypes ? "wrong" : "right";
  const shape = path && turn(findShapes(path)[kind], situation.name);
  const { request, secret } = plantedRequest(rpc, path, shape, markers);
  const attempt = { channel, secret, token: owners[index % owners.length] ?? "", index };
  const fault = situation.fault?.(attempt);
  using _ = fault && servers.emulator.inject({ fault });
  called.push(target);
  return await callRpc(client, rpc, request, situation.call?.(attempt));
}
