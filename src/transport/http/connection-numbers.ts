import type { NumberRule } from "../../utils/check-number.js";

/** The rules for the connection options that are numbers. The largest number of connections is the number of ports of one address. */
export const connectionNumbers: Readonly<
  Record<"connectTimeoutMs" | "maxConnections", NumberRule>
> = {
  connectTimeoutMs: {},
  maxConnections: { least: 1, most: 65_535, counts: "connections" },
};
