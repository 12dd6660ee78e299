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
import type { CampaignServer } from "./campaign-server.js";
import { clientSecret, serviceAccountKey, userName } from "./emulator-seed.js";

/** Creates the client under test. Tests of the campaign pass a wrong client to show that the checks can fail. */
export type MakeClient = (options: IdpClientOptions) => IdpClient;

/** The counts of events in the clients that their callers do not see. */
export interface ClientCounts {
  retries: number;
  alreadyDone: number;
  slowTokens: number;
  slowInterceptors: number;
}

/** The activity of all clients of a campaign. */
export interface ClientActivity {
  readonly counts: ClientCounts;
  /** The delays of slow tokens and interceptors. Their calls may end before them. */
  readonly delays: Set<Promise<void>>;
}

export function createClientActivity(): ClientActivity {
  return {
    counts: { retries: 0, alreadyDone: 0, slowTokens: 0, slowInterceptors: 0 },
    delays: new Set(),
  };
}

export const correctClient: MakeClient = createIdpClient;

/** The deadline of calls that do not set `timeoutMs`. */
const defaultTimeoutMs = 8000;

/** The probability that a token or an interceptor is slow. All calls of a shared client wait for a slow token. */
const delayProbability = { slowTokens: 0.04, slowInterceptors: 0.08 };
/** The longest delay, which exceeds many deadlines. */
const maxDelayMs = 900;

/** The address that a client connects to. */
export interface ClientAddress {
  readonly wire: WireName;
  readonly port: number;
  readonly isTls: boolean;
  /** True if all callers of the wire protocol share the client. */
  readonly isShared: boolean;
}

/** Creates a client for a round, with a random kind of token source. The tokens of all kinds expire during the round. */
export function createCampaignClient(
  make: MakeClient,
  { wire, port, isTls, isShared }: ClientAddress,
  server: CampaignServer,
  random: Random,
  { counts, delays }: ClientActivity,
): IdpClient {
  /** Waits with some probability, and ignores all signals. */
  const delaySometimes = async (count: keyof typeof delayProbability): Promise<void> => {
    if (random.chance(delayProbability[count])) {
      counts[count]++;
      const delay = sleep(20 + random.integer(maxDelayMs));
      delays.add(delay);
      await delay;
      delays.delete(delay);
    }
  };
  const slow: Interceptor = (next) => async (request) => {
    await delaySometimes("slowInterceptors");
    // Interceptors may replace the signal: those that set a deadline of their own do.
    return await next({ ...request, signal: new AbortController().signal });
  };
  return make({
    baseUrl: `${isTls ? "https" : "http"}://localhost:${port}`,
    protocol: wire,
    auth: pickAuth(server, random, isTls, () => delaySometimes("slowTokens")),
    timeoutMs: defaultTimeoutMs,
    interceptors: random.chance(0.3) ? [slow] : [],
    // This process does both sides of all handshakes. They take longer over TLS, and when many clients connect at once.
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

/** Returns one of the four kinds of `auth`. */
function pickAuth(
  server: CampaignServer,
  random: Random,
  isTls: boolean,
  delay: () => Promise<void>,
): IdpClientOptions["auth"] {
  // The server's issuer is its plain address, also behind the TLS terminator.
  const options = { timeoutMs: 2000, ...(isTls && { issuer: `http://localhost:${server.port}` }) };
  const issueToken = async (): Promise<string> => {
    await delay();
    const user = server.state.accounts.byName.get(userName)?.user;
    if (user === undefined || random.chance(0.01)) {
      throw new ConnectError("the vault cannot issue a token", Code.Unavailable);
    }
    const grant = { user, clientId: userName, scopes: [], forApi: true };
    return server.state.accounts.issued.issue(grant).token;
  };
  return random.pick([
    () => clientCredentials({ clientId: userName, clientSecret, ...options }),
    () => serviceAccount(serviceAccountKey, options),
    () => issueToken,
    () => ({ token: issueToken }),
  ])();
}
