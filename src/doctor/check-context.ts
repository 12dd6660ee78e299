import type { CheckedProvider } from "./checked-provider.js";
import type { DraftFinding } from "./draft-finding.js";
import type { InstanceInfo } from "./instance-info.js";
import type { Upstream } from "./upstream/upstream.js";
import type { SocketOptions } from "../transport/socket/socket-options.js";

/** A finding without the provider, which the run adds. */
export type NewFinding = Omit<DraftFinding, "owner" | "provider">;

/** The objects and options that a check works with. */
export interface CheckContext {
  readonly upstream: Upstream;
  readonly instance: InstanceInfo;
  /** The time of the run. */
  readonly now: Date;
  /** The time before an expiry from which it is reported, in milliseconds. */
  readonly withinMs: number;
  /** The deadline of each network step in milliseconds. */
  readonly timeoutMs: number;
  /** True if known secrets may be sent to the provider that they belong to. */
  readonly probeSecrets: boolean;
  readonly allowPrivate: boolean;
  /** The forward proxy and the trusted authorities, for connections that `upstream` does not make. */
  readonly sockets: SocketOptions;
  readonly signal: AbortSignal | undefined;
  readonly report: (finding: NewFinding) => void;
}

/**
 * A check of one provider. It reports findings, and rejects only for a fault of its own, which the run reports as `unchecked`.
 */
export type ProviderCheck = (provider: CheckedProvider, context: CheckContext) => Promise<void>;
