import { setTimeout as sleep } from "node:timers/promises";
import type { Interceptor } from "@connectrpc/connect";
import {
  ConnectError,
  Code,
  createIdpClient,
  type IdpClient,
  type IdpClientOptions,
} from "zitadel-idp";
import { clientCredentials, serviceAccount } from "zitadel-idp/auth";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";
import type { CampaignServer } from "./server.js";
import { clientSecret, serviceAccountKey, userName } from "./world.js";

/** Makes the client under test. A wrong one in its place shows that the checks can fail. */
export type MakeClient = (options: IdpClientOptions) => IdpClient;

/** The actions of the clients that their callers do not see. */
export interface ClientCounts {
  retries: number;
  alreadyDone: number;
  slowTokens: number;
  slowInterceptors: number;
}

/** The records of all clients of a campaign. */
export interface ClientBooks {
  readonly counts: ClientCounts;
  /** The waits of tokens and interceptors that come late. Their calls may be over before them. */
  readonly late: Set<Promise<void>>;
}

export function createClientBooks(): ClientBooks {
  return {
    counts: { retries: 0, alreadyDone: 0, slowTokens: 0, slowInterceptors: 0 },
    late: new Set(),
  };
}

export const rightClient: MakeClient = createIdpClient;

/** Each call has a deadline; this is that of calls without one of their own. */
export const longestMs = 8000;

/** The probability that a token or an interceptor comes late. All calls of a shared client wait for a late token. */
const lateChance = { slowTokens: 0.04, slowInterceptors: 0.08 };
/** The longest delay, which is longer than many deadlines. */
const latestMs = 900;

/** The address that a client connects to. */
export interface Address {
  readonly wire: WireName;
  readonly port: number;
  readonly isTls: boolean;
  /** True if all callers of the wire share the client. */
  readonly isShared: boolean;
}

/** Makes a client for a round, with one of the ways to get tokens, all of which have to deal with tokens that end. */
export function clientFor(
  make: MakeClient,
  { wire, port, isTls, isShared }: Address,
  server: CampaignServer,
  random: Random,
  { counts, late }: ClientBooks,
): IdpClient {
  // The server knows itself by a plain address only.
  const tokens = { timeoutMs: 2000, ...(isTls && { issuer: `http://localhost:${server.port}` }) };
  /** Waits now and then, and takes no notice of any signal. */
  const dawdle = async (count: keyof typeof lateChance): Promise<void> => {
    if (random.chance(lateChance[count])) {
      counts[count]++;
      const wait = sleep(20 + random.integer(latestMs));
      late.add(wait);
      await wait;
      late.delete(wait);
    }
  };
  const issue = (): string => {
    const user = server.state.accounts.byName.get(userName)?.user;
    if (user === undefined || random.chance(0.01)) {
      throw new ConnectError("the vault has no token just now", Code.Unavailable);
    }
    const grant = { user, clientId: userName, scopes: [], forApi: true };
    return server.state.accounts.issued.issue(grant).token;
  };
  const issueLate = async (): Promise<string> => {
    await dawdle("slowTokens");
    return issue();
  };
  const auth = random.pick([
    () => clientCredentials({ clientId: userName, clientSecret, ...tokens }),
    () => serviceAccount(serviceAccountKey, tokens),
    // Both are asked for each call.
    () => issueLate,
    () => ({ token: issueLate }),
  ])();
  const slow: Interceptor = (next) => async (request) => {
    await dawdle("slowInterceptors");
    // Interceptors may replace the signal, as those do that set deadlines of their own.
    return await next({ ...request, signal: new AbortController().signal });
  };
  return make({
    baseUrl: `${isTls ? "https" : "http"}://localhost:${port}`,
    protocol: wire,
    auth,
    timeoutMs: longestMs,
    interceptors: random.chance(0.3) ? [slow] : [],
    // This process is both ends of all handshakes. TLS, and clients that connect all at once, take it longer.
    connectTimeoutMs: random.chance(0.7) ? (isTls || !isShared ? 1200 : 300) : undefined,
    retry: { initialPauseMs: 20, maxPauseMs: 200, maxRetryAfterMs: 2000 },
    hooks: {
      onRetry: () => void counts.retries++,
      onResponse: ({ alreadyDone }) => {
        if (alreadyDone !== undefined) {
          counts.alreadyDone++;
        }
      },
    },
  });
}
