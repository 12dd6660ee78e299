import type { CallOptions } from "@connectrpc/connect";
import type { Token } from "../auth/token-supplier.js";
import type { IdpClientOptions, Protocol } from "../index.js";
import { createServerClock } from "../providers/resolve-create/server-clock.js";
import { createClockInterceptor } from "./clock-interceptor.js";
import { type CommandNeeds, listCommandNeeds } from "./command-needs.js";
import { describeCredential, type TokenReport } from "./describe-credential.js";
import { findMissingRequirements, type MissingRequirement } from "./find-missing-requirements.js";
import { getPartValue } from "./report-part.js";
import type { ProtocolReport } from "./probe-protocol.js";
import { createProtocolClients } from "./protocol-clients.js";
import { type CallerFacts, readCaller } from "./read-caller.js";

/** The options of `whoami`. */
interface WhoamiOptions {
  /** The options of the client in use, with its organization and its wire protocol. */
  readonly client: IdpClientOptions;
  /** The owner whose providers `plan` and `apply` are to manage. */
  readonly owner: "org" | "instance";
  /** The wire protocols to try. */
  readonly protocols: readonly Protocol[];
  /** Returns the last token of `client.auth`. Undefined if it has none yet. */
  readonly readToken: () => Token | undefined;
  /** Ends all calls. */
  readonly signal?: AbortSignal | undefined;
}

/** The calling user, its rights, and the state of the connection. */
export interface WhoamiReport extends CallerFacts {
  /** The requirements of `plan` and `apply` that are not met. Empty if both will work. */
  readonly missing: readonly MissingRequirement[];
  /** The id of the organization of the calls, even if the user may not read the organization. Absent if unknown. */
  readonly organizationId: string | undefined;
  /** The token of the calls. Absent if none could be fetched. */
  readonly token: TokenReport | undefined;
  /** The commands on the providers of the organization, with the permissions that they need. */
  readonly organizationCommands: readonly CommandNeeds[];
  /** The commands on the providers of the instance, with the permissions that they need. */
  readonly instanceCommands: readonly CommandNeeds[];
  readonly protocols: readonly ProtocolReport[];
  /**
   * The lead of the server's clock over the local one, in milliseconds. The true lead may be larger by up to a second plus the response
   * time. Absent if no response shows the time of the server.
   */
  readonly serverLeadMs: number | undefined;
}

/**
 * Reports the calling user, its rights, and the state of the connection: all facts that decide if commands will work. Only reads. All
 * calls run at the same time, each with the timeout of the client. If the wire protocol in use cannot be reached, the reads run
 * again over another one.
 *
 * A part that the user may not read is `hidden`, and a part whose read fails is `failed`; all other parts are reported. Throws a
 * TypeError for an invalid option of the client, and the reason of `signal` after an abort.
 *
 * @example
 * const client = { baseUrl: "https://acme.zitadel.cloud", auth: token };
 * const report = await whoami({ client, owner: "org", protocols: ["grpc", "json"], readToken: () => ({ accessToken: token }) });
 * console.log(report.user, report.missing);
 */
export async function whoami(options: WhoamiOptions): Promise<WhoamiReport> {
  const { client: clientOptions, owner, readToken, signal } = options;
  const clock = createServerClock();
  const { orgId: givenOrgId, interceptors = [], ...others } = clientOptions;
  const withoutOrg = { ...others, interceptors: [...interceptors, createClockInterceptor(clock)] };
  const callOptions: CallOptions = signal === undefined ? {} : { signal };
  const clients = createProtocolClients(withoutOrg, options.protocols);
  const anonymous = createProtocolClients({ ...withoutOrg, auth: undefined }, options.protocols);
  try {
    let [facts, protocols] = await Promise.all([
      readCaller(clients.used, givenOrgId, callOptions),
      clients.probe(callOptions),
    ]);
    const token = readToken();
    if (token === undefined) {
      // Without a token, no call was sent. Send calls without one: ZITADEL's rejection shows that a wire protocol works.
      protocols = await anonymous.probe(callOptions);
    }
    const alternative = findAlternative(protocols);
    if (alternative !== undefined && token !== undefined) {
      facts = await readCaller(clients.of(alternative), givenOrgId, callOptions);
    }
    signal?.throwIfAborted();
    const orgId = givenOrgId ?? getPartValue(facts.user)?.organization.id;
    return {
      ...facts,
      missing: findMissingRequirements(facts, protocols, {
        owner,
        orgId,
        hasToken: token !== undefined,
      }),
      organizationId: orgId,
      token: token && describeCredential(token, typeof clientOptions.auth !== "string"),
      organizationCommands: listCommandNeeds("org"),
      instanceCommands: listCommandNeeds("instance"),
      protocols,
      serverLeadMs: clock.leadMs(),
    };
  } finally {
    await Promise.all([clients.close(), anonymous.close()]);
  }
}

/** Returns a wire protocol that can be reached, if the one in use cannot. */
function findAlternative(protocols: readonly ProtocolReport[]): Protocol | undefined {
  return protocols.every(({ inUse, getsThrough }) => !inUse || getsThrough)
    ? undefined
    : protocols.find(({ getsThrough }) => getsThrough)?.protocol;
}
