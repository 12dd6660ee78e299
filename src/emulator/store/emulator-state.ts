import type { Accounts } from "./accounts.js";
import type { Clock } from "./clock.js";
import type { StoredEvent } from "./add-to-event-log.js";
import type { HumanUser } from "./human-user.js";
import type { ServiceUser } from "./service-user.js";
import type { StartedIntent } from "./started-intent.js";
import type { StoredOwner } from "./stored-owner.js";

/** The complete state of the emulated instance. */
export interface EmulatorState {
  readonly instance: StoredOwner;
  readonly domain: string;
  /** The domain that a server chooses for a new instance, beside `domain`. */
  readonly generatedDomain: string;
  readonly defaultLanguage: string;
  /** True if the emulator also sends requests to loopback, private and link-local addresses. */
  readonly allowPrivateUrls: boolean;
  readonly organizations: Map<string, StoredOwner>;
  /** The service users by personal access token. */
  readonly tokens: Map<string, ServiceUser>;
  /** The credentials of service users for the token endpoint, and the tokens that it issued. */
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** The human users by id. */
  readonly humans: Map<string, HumanUser>;
  /** The latest events of all objects, oldest first. */
  readonly events: StoredEvent[];
  /** The latest sign-ins by id, oldest first. */
  readonly intents: Map<string, StartedIntent>;
  /**
   * A promise that settles when the asynchronous parts of the seed are applied; calls wait for it. Rejects if the emulated server
   * rejects one of these parts.
   */
  ready: Promise<unknown> | undefined;
}
