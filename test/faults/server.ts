import { AsyncLocalStorage } from "node:async_hooks";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import type { FaultRules } from "../../src/emulator/faults/fault-rules.js";
import { listen } from "../../src/emulator/listen.js";
import { createRequestHandler } from "../../src/emulator/handle-request.js";
import type { EmulatorState } from "../../src/emulator/store/emulator-state.js";
import { firstHeader } from "../../src/emulator/wire/http-message.js";
import { createInstanceFactory } from "../../src/emulator/emulator-instance.js";
import type { Journal, SeenRequest } from "./journal.js";
import { userName } from "./world.js";
import { callFaults, type ChosenFault, chooseFault, tokenFaults } from "./planned-faults.js";

/** Names the operation that a request belongs to. */
export const operationHeader = "x-campaign-operation";

/** Reads that find out what became of an operation are marked so, and struck less often. */
export const resolvePrefix = "resolve ";

/** Programs that cannot send a header of their own name their operation by their token. */
const tokenPrefix = "run.";

/** The emulator in its parts: the state open, each request in a journal, and faults by plan in the place of rules. */
export interface CampaignServer {
  readonly port: number;
  readonly state: EmulatorState;
  /** Returns a token by which all requests that bear it belong to an operation. */
  tokenFor(operation: string): string;
  /** A token whose requests belong to no operation, so that no fault strikes them. */
  readonly cleanToken: string;
  /** Lets a fault strike the first Add of an operation, and nothing any other request of it. */
  planLoss(operation: string, loss: PlannedLoss): void;
  /** Leaves its port with all connections, and comes back with the same state. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The fault by which the response of an Add is lost. */
export interface PlannedLoss {
  readonly chosen: ChosenFault;
  /** Called when the Add arrives. */
  onAdd(): void;
}

export interface CampaignServerOptions {
  readonly seed: number;
  readonly world: EmulatorSeed;
  readonly lagMs: number;
  readonly journal: Journal;
}

export async function createCampaignServer({
  seed,
  world: emulatorSeed,
  lagMs,
  journal,
}: CampaignServerOptions): Promise<CampaignServer> {
  const current = new AsyncLocalStorage<SeenRequest>();
  const world = createInstanceFactory(emulatorSeed, lagMs)();
  const { state } = world;
  const written = (): void => {
    const request = current.getStore();
    if (request !== undefined) {
      request.events++;
    }
  };
  const histories = [state.instance, ...state.organizations.values(), ...state.humans.values()];
  for (const history of histories) {
    watchSequence(history, written);
  }

  const losses = new Map<string, PlannedLoss | "taken">();
  /** Returns the fault that strikes the nth request of an operation. */
  const chooseFor = (operation: string, rpc: string, number: number): ChosenFault | undefined => {
    const loss = losses.get(operation);
    if (loss === undefined) {
      const probability = operation.startsWith(resolvePrefix) ? 0.08 : 0.15;
      return chooseFault(seed, callFaults, operation, number, probability);
    }
    if (loss === "taken" || !rpc.includes("/Add")) {
      return undefined;
    }
    losses.set(operation, "taken");
    loss.onAdd();
    return loss.chosen;
  };

  let tokenRequests = 0;
  const faults: Pick<FaultRules, "take"> = {
    take({ protocol, path, rpc }) {
      const request = current.getStore();
      if (request === undefined) {
        return undefined;
      }
      if (rpc === undefined) {
        if (path !== "/oauth/v2/token") {
          return undefined;
        }
        const chosen = chooseFault(seed, tokenFaults, "token", tokenRequests++, 0.15);
        if (chosen !== undefined) {
          journal.hit(`token endpoint: ${chosen.kind.name}`);
        }
        return chosen?.fault;
      }
      request.rpc = rpc;
      if (protocol !== "other") {
        request.wire = protocol;
      }
      const { operation } = request;
      if (operation === undefined) {
        return undefined;
      }
      const number = journal.of(operation).indexOf(request);
      const chosen = chooseFor(operation, rpc, number);
      if (chosen !== undefined) {
        request.chosen = chosen;
        journal.hit(chosen.kind.name);
      }
      return chosen?.fault;
    },
  };
  const inner = createRequestHandler(() => world, faults, { add: () => undefined });
  const respond: typeof inner = (request, signal) => {
    const [, byToken] =
      /^Bearer run\.(.+)$/.exec(firstHeader(request.headers, "authorization") ?? "") ?? [];
    const seen = journal.begin(firstHeader(request.headers, operationHeader) ?? byToken);
    return current.run(seen, async () => {
      const outcome = await inner(request, signal);
      journal.end(seen, outcome, signal.aborted);
      return outcome;
    });
  };

  const knownToken = (token: string): string => {
    const user = state.accounts.byName.get(userName)?.user;
    if (user !== undefined) {
      state.tokens.set(token, user);
    }
    return token;
  };
  shortenTokens(state, seed);
  let listener = await listen(respond, state.domain, {});
  const { port } = listener;
  return {
    port,
    state,
    tokenFor: (operation) => knownToken(`${tokenPrefix}${operation}`),
    cleanToken: knownToken("clean"),
    planLoss: (operation, loss) => void losses.set(operation, loss),
    async restart(meanwhile) {
      await listener.close();
      await meanwhile();
      listener = await listen(respond, state.domain, { port });
    },
    close: () => listener.close(),
  };
}

/** Every write takes a number out of the history of what it changes. */
function watchSequence(history: { sequence: bigint }, written: () => void): void {
  let value = history.sequence;
  Object.defineProperty(history, "sequence", {
    get: () => value,
    set: (next: bigint) => {
      value = next;
      written();
    },
    enumerable: true,
    configurable: true,
  });
}

/** The time for which the server accepts a token, whatever expiry it announced. */
const tokenLifeMs = 1500;

/** Tokens that the client knows to be short-lived, and others that are refused long before the end that was told. */
function shortenTokens(state: EmulatorState, seed: number): void {
  const { issued } = state.accounts;
  const { issue, find } = issued;
  const bornMs = new Map<string, number>();
  let count = seed;
  Object.assign(issued, {
    issue: (grant: Parameters<typeof issue>[0]): ReturnType<typeof issue> => {
      const token = issue(grant);
      bornMs.set(token.token, performance.now());
      return count++ % 2 === 0 ? { ...token, expiresIn: 1 } : token;
    },
    find: (token: string): ReturnType<typeof find> =>
      performance.now() - (bornMs.get(token) ?? 0) < tokenLifeMs ? find(token) : undefined,
  } satisfies Partial<typeof issued>);
}
