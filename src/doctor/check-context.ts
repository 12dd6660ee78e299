import type { CheckedProvider } from "./checked-provider.js";
import type { DraftFinding } from "./draft-finding.js";
import type { InstanceInfo } from "./instance-info.js";
import type { Upstream } from "./upstream/upstream.js";
import type { SocketOptions } from "../transport/socket/socket-options.js";

/** A finding of a check, to which the run adds the owner and the provider. */
export type NewFinding = Omit<DraftFinding, "owner" | "provider">;

/** The objects and options that a check works with. */
export interface CheckContext {
  readonly upstream: Upstream;
  readonly instance: InstanceInfo;
  /** The time of the run. */
  readonly now: Date;
  /** The time in milliseconds within which an expiry is reported. */
  readonly withinMs: number;
  /** The timeout of each network step, in milliseconds. */
  readonly timeoutMs: number;
  /** True if known secrets may be sent to their provider. */
  readonly probeSecrets: boolean;
  /** True to follow redirects to private addresses, and to accept `http:` upstreams on this machine. */
  readonly allowPrivate: boolean;
  /** The forward proxy and the trusted authorities, for connections that `upstream` does not make. */
  readonly sockets: SocketOptions;
  readonly signal: AbortSignal | undefined;
  readonly report: (finding: NewFinding) => void;
}

/**
 * A check of one provider. It reports findings. If it rejects, because of a fault in this program, the run reports `unchecked`.
 */
export type ProviderCheck = (provider: CheckedProvider, context: CheckContext) => Promise<void>;
