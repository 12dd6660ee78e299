import type { OptionPhrase } from "../utils/option-text.js";

/** The name of a phrase in the messages of checks. */
export type OptionPhraseName =
  "baseUrl" | "allowInsecureAuth" | "adviseTokenAsAuth" | "adviseNoAuth";

/**
 * The phrases about options in the messages of checks, for programs that call the library. The phrases of all other messages are in
 * `advice-phrases.ts`, because browsers load this file before the first call.
 */
export const phrase: Readonly<Record<OptionPhraseName, OptionPhrase>> = {
  adviseTokenAsAuth: { name: "adviseTokenAsAuth", text: "; pass the token as auth" },
  adviseNoAuth: { name: "adviseNoAuth", text: "; leave it out to call without one" },
  allowInsecureAuth: { name: "allowInsecureAuth", text: "set allowInsecureAuth: true" },
  baseUrl: { name: "baseUrl", text: "baseUrl" },
};
