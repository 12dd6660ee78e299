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

/** What the clients did beside what they told. */
export interface ClientCounts {
  retries: number;
  alreadyDone: number;
}

export const rightClient: MakeClient = createIdpClient;

/** Each call has a deadline; this is that of calls without one of their own. */
export const longestMs = 8000;

/** A client for a round, with one of the ways to get tokens. All of them have to deal with tokens that end. */
export function clientFor(
  make: MakeClient,
  wire: WireName,
  port: number,
  server: CampaignServer,
  random: Random,
  counts: ClientCounts,
): IdpClient {
  const tokens = { timeoutMs: 2000 };
  const auth = random.pick([
    () => clientCredentials({ clientId: userName, clientSecret, ...tokens }),
    () => serviceAccount(serviceAccountKey, tokens),
    // Asked for each call, and sometimes in vain.
    () => () => {
      const user = server.state.accounts.byName.get(userName)?.user;
      if (user === undefined || random.chance(0.01)) {
        throw new ConnectError("the vault has no token just now", Code.Unavailable);
      }
      return server.state.accounts.issued.issue(user, true).token;
    },
  ])();
  return make({
    baseUrl: `http://localhost:${port}`,
    protocol: wire,
    auth,
    timeoutMs: longestMs,
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
