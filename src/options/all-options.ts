import type { IdpClientOptions } from "./idp-client-options.js";
import type { TransportClientOptions } from "./transport-client-options.js";

/** All options, of which each kind of client takes some. */
export type AllOptions = Partial<
  Omit<IdpClientOptions, "baseUrl"> & Omit<TransportClientOptions, "limits">
>;
