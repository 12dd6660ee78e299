import type { NumberRule } from "../../check-number.js";
import type { HttpOptions } from "./http.js";

/** The rules of the options of connections. The most connections are as many as one address has ports. */
export const connectionNumbers: Readonly<Record<keyof HttpOptions, NumberRule>> = {
  connectTimeoutMs: {},
  maxConnections: { least: 1, most: 65_535, counts: "connections" },
};
