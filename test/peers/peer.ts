import type { PeerEmulator } from "./peer-emulator.js";

/** A client of others that runs against the emulator. */
export interface Peer {
  /** The name of the peer on the command line. */
  readonly id: string;
  readonly name: string;
  /** The checked properties, for the table. */
  readonly checks: string;
  /** Runs the client and returns its version. Throws an error that describes the first difference. */
  run(peerEmulator: PeerEmulator): Promise<string>;
}

/** The error for a client that cannot be installed on this machine. */
export class PeerNotAvailableError extends Error {}
