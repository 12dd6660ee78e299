import type { Finding } from "../lint/finding.js";
import type { DesiredState } from "../providers/index.js";
import type { Owner } from "../providers/plan/owner.js";
import type { SocketOptions } from "../transport/socket/socket-options.js";

/** Options of `diagnose`. */
export interface DiagnoseOptions extends SocketOptions {
  /**
   * The owner whose providers are checked. Default: all owners that the caller may read. With the permission `iam.read`, these are the
   * instance and all organizations, otherwise only the organization of the client.
   */
  readonly owner?: Owner | undefined;
  /** The id or the name of the only provider to check. */
  readonly provider?: string | undefined;
  /** The desired state whose providers are checked, with their secrets, instead of those of the server. */
  readonly desired?: DesiredState | undefined;
  /** The URL of ZITADEL. It stands in for the domains of the instance if the caller may not read them. */
  readonly baseUrl?: string | undefined;
  /** The time within which an expiry is reported, in milliseconds. Default: 30 days. */
  readonly withinMs?: number | undefined;
  /**
   * True to send the secrets of the desired state to their providers: a client secret in a token request with a code that cannot exist,
   * a bind password in a bind. Entra ID, which checks codes before secrets, also gets a request for a token of the client itself.
   * Default: false.
   */
  readonly probeSecrets?: boolean | undefined;
  /**
   * True to follow redirects to private addresses, and to accept `http:` upstreams on this machine, for experiments. Default: false.
   */
  readonly allowPrivate?: boolean | undefined;
  /** The timeout of each network step, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Ends the run early. `diagnose` then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each provider. */
  readonly onProgress?: ((progress: DiagnoseProgress) => void) | undefined;
}

/** The progress of `diagnose`. */
export interface DiagnoseProgress {
  /** The number of checked providers. */
  readonly done: number;
  /** The number of providers to check. */
  readonly total: number;
}

/** The result of `diagnose`. */
export interface Diagnosis {
  /** The findings by owner and provider, the worst of each provider first. */
  readonly findings: readonly Finding[];
  /** The number of providers that were checked. */
  readonly checked: number;
}
