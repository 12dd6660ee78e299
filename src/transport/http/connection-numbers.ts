import type { NumberRule } from "../../utils/check-number.js";
import type { HttpOptions } from "./http.js";

/** The rules for the connection options. The largest number of connections is the number of ports of one address. */
export const connectionNumbers: Readonly<Record<keyof HttpOptions, NumberRule>> = {
  connectTimeoutMs: {},
  maxConnections: { least: 1, most: 65_535, counts: "connections" },
};
