import type { NumberRule } from "../utils/check-number.js";

/** The default timeout for opening a connection, in milliseconds. */
export const defaultConnectTimeoutMs = 10_000;

/** The default for the maximum number of connections to one origin. */
export const defaultMaxConnections = 256;

/** The rules for the connection options that are numbers. The largest number of connections is the number of ports of one address. */
export const connectionNumberRules: Readonly<
  Record<"connectTimeoutMs" | "maxConnections", NumberRule>
> = {
  connectTimeoutMs: {},
  maxConnections: { least: 1, most: 65_535, counts: "connections" },
};
