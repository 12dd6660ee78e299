import type { TokenEndpointOptions } from "zitadel-idp/auth";
import type { Parts } from "./parts.js";
import type { ClientSettings } from "./program/caller.js";
import type { Server } from "./server.js";

/** A row of the table: a network between the client and the server. */
export interface Network {
  /** The name of the row on the command line. */
  readonly id: string;
  readonly name: string;
  /** The path between the client and the server, in a few words. */
  readonly setting: string;
  /** Opens the network. The parts are closed after the calls. */
  open(parts: Parts): Promise<OpenNetwork>;
}

/** An open network. */
export interface OpenNetwork {
  readonly server: Server;
  /** The configurations of a client for this network. Each is tested. */
  readonly setups: readonly ClientSetup[];
  /** Returns the requests that did not go through this network. It may end parts of the network. */
  findStrays?(): Promise<string[]>;
}

/** A configuration of a client. */
export interface ClientSetup {
  /** The setting that makes the network work, in Markdown, e.g. "`proxy`". */
  readonly name: string;
  readonly options: ClientSettings;
  /** Environment variables of the client's process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of the token sources. */
  readonly tokenOptions?: TokenEndpointOptions;
}
