import { AsyncLocalStorage } from "node:async_hooks";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import type { FaultRules } from "../../src/emulator/faults/fault-rules.js";
import { listen } from "../../src/emulator/listen.js";
import { createRequestHandler } from "../../src/emulator/create-request-handler.js";
import type { EmulatorState } from "../../src/emulator/store/emulator-state.js";
import { findFirstHeader } from "../../src/emulator/wire/http-message.js";
import { createInstanceFactory } from "../../src/emulator/emulator-instance.js";
import type { Journal, RecordedRequest } from "./journal.js";
import { userName } from "./emulator-seed.js";
import { callFaults, type ChosenFault, chooseFault, tokenFaults } from "./call-faults.js";

/** The request header with the name of the operation. */
export const operationHeader = "x-campaign-operation";

/** The start of the operation names of `resolveCreate`, whose requests get fewer faults. */
export const resolvePrefix = "resolve ";

/** The start of tokens that contain the name of the operation, for programs that cannot set a request header. */
const tokenPrefix = "run.";

const faultProbability = 0.15;
const resolveFaultProbability = 0.08;

/** The emulator, with its state open to the checks, all requests recorded in a journal, and planned faults in place of rules. */
export interface CampaignServer {
  readonly port: number;
  readonly state: EmulatorState;
  /** Creates a token. All requests with it belong to one operation. */
  createTokenFor(operation: string): string;
  /** A token for requests that belong to no operation and therefore get no fault. */
  readonly cleanToken: string;
  /** Plans a fault for the first Add of an operation, and none for its other requests. */
  planLostResponse(operation: string, loss: LostResponse): void;
  /** Closes the port and all connections, awaits `meanwhile`, and opens the same port with the same state. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The fault that loses the response to an Add. */
export interface LostResponse {
  readonly chosen: ChosenFault;
  /** Called when the Add arrives. */
  onAdd(): void;
}

export interface CampaignServerOptions {
  readonly seed: number;
  readonly emulatorSeed: EmulatorSeed;
  readonly lagMs: number;
  readonly journal: Journal;
}

export async function createCampaignServer({
  seed,
  emulatorSeed,
  lagMs,
  journal,
}: CampaignServerOptions): Promise<CampaignServer> {
  const currentRequest = new AsyncLocalStorage<RecordedRequest>();
  const instance = createInstanceFactory(emulatorSeed, lagMs)();
  const { state } = instance;
  recordEvents(state, () => currentRequest.getStore());
  const losses = new Map<string, LostResponse | "taken">();
  const faults = createPlannedFaults(seed, journal, losses, () => currentRequest.getStore());
  const handle = createRequestHandler(() => instance, faults, { add: () => undefined });
  const respond: typeof handle = (request, signal) => {
    const [, byToken] =
      /^Bearer run\.(.+)$/.exec(findFirstHeader(request.headers, "authorization") ?? "") ?? [];
    const recorded = journal.begin(findFirstHeader(request.headers, operationHeader) ?? byToken);
    return currentRequest.run(recorded, async () => {
      const outcome = await handle(request, signal);
      journal.end(recorded, outcome, signal.aborted);
      return outcome;
    });
  };
  const registerToken = (token: string): string => {
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
    createTokenFor: (operation) => registerToken(`${tokenPrefix}${operation}`),
    cleanToken: registerToken("clean"),
    planLostResponse: (operation, loss) => void losses.set(operation, loss),
    async restart(meanwhile) {
      await listener.close();
      await meanwhile();
      listener = await listen(respond, state.domain, { port });
    },
    close: () => listener.close(),
  };
}

/** Creates the rules of the emulator that inject the faults of the campaign's plan. */
function createPlannedFaults(
  seed: number,
  journal: Journal,
  losses: Map<string, LostResponse | "taken">,
  currentRequest: () => RecordedRequest | undefined,
): Pick<FaultRules, "take"> {
  let tokenRequests = 0;
  return {
    take({ protocol, path, rpc }) {
      const request = currentRequest();
      if (request === undefined) {
        return undefined;
      }
      if (rpc === undefined) {
        return path === "/oauth/v2/token"
          ? chooseTokenFault(seed, journal, tokenRequests++)?.fault
          : undefined;
      }
      request.rpc = rpc;
      if (protocol !== "other") {
        request.wire = protocol;
      }
      request.fault = chooseCallFault(seed, journal, losses, request);
      if (request.fault !== undefined) {
        journal.countInjected(request.fault.kind.name);
      }
      return request.fault?.fault;
    },
  };
}

/** Chooses the fault for the nth token request. */
function chooseTokenFault(seed: number, journal: Journal, index: number): ChosenFault | undefined {
  const chosen = chooseFault(seed, tokenFaults, "token", index, faultProbability);
  if (chosen !== undefined) {
    journal.countInjected(`token endpoint: ${chosen.kind.name}`);
  }
  return chosen;
}

/** Chooses the fault for a request of an operation: a planned loss for its first Add, or a random one. */
function chooseCallFault(
  seed: number,
  journal: Journal,
  losses: Map<string, LostResponse | "taken">,
  request: RecordedRequest,
): ChosenFault | undefined {
  const { operation, rpc } = request;
  if (operation === undefined) {
    return undefined;
  }
  const loss = losses.get(operation);
  if (loss === undefined) {
    const isResolve = operation.startsWith(resolvePrefix);
    const probability = isResolve ? resolveFaultProbability : faultProbability;
    const index = journal.of(operation).indexOf(request);
    return chooseFault(seed, callFaults, operation, index, probability);
  }
  if (loss === "taken" || !rpc?.includes("/Add")) {
    return undefined;
  }
  losses.set(operation, "taken");
  loss.onAdd();
  return loss.chosen;
}

/** Counts the events of each request. A write takes a number from the sequence of each history that it changes. */
function recordEvents(
  state: EmulatorState,
  currentRequest: () => RecordedRequest | undefined,
): void {
  const onEvent = (): void => {
    const request = currentRequest();
    if (request !== undefined) {
      request.events++;
    }
  };
  for (const history of [
    state.instance,
    ...state.organizations.values(),
    ...state.humans.values(),
  ]) {
    watchSequence(history, onEvent);
  }
}

/** Calls `onChange` each time that the sequence of a history changes. */
function watchSequence(history: { sequence: bigint }, onChange: () => void): void {
  let value = history.sequence;
  Object.defineProperty(history, "sequence", {
    get: () => value,
    set: (next: bigint) => {
      value = next;
      onChange();
    },
    enumerable: true,
    configurable: true,
  });
}

/** The time for which the server accepts a token, whatever expiry it announced. */
const tokenLifeMs = 1500;

/** Makes all tokens short-lived. Every second token announces it; the server rejects the others long before the announced expiry. */
function shortenTokens(state: EmulatorState, seed: number): void {
  const { issued } = state.accounts;
  const { issue, find } = issued;
  const issuedMs = new Map<string, number>();
  let count = seed;
  Object.assign(issued, {
    issue: (grant: Parameters<typeof issue>[0]): ReturnType<typeof issue> => {
      const token = issue(grant);
      issuedMs.set(token.token, performance.now());
      return count++ % 2 === 0 ? { ...token, expiresIn: 1 } : token;
    },
    find: (token: string): ReturnType<typeof find> =>
      performance.now() - (issuedMs.get(token) ?? 0) < tokenLifeMs ? find(token) : undefined,
  } satisfies Partial<typeof issued>);
}
