import type { IdpClientOptions } from "./idp-client-options.js";
import type { TransportClientOptions } from "./transport-client-options.js";

/** The options of all kinds of clients. */
export type AllOptions = Partial<
  Omit<IdpClientOptions, "baseUrl"> & Omit<TransportClientOptions, "limits">
>;
