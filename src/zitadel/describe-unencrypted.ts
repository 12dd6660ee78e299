import { optionText, type OptionText } from "../utils/option-text.js";
import { phrase } from "./option-phrases.js";

/** Describes a token that would be sent without TLS to a host outside of this machine, and the ways to avoid that. */
export function describeUnencrypted(host: string, hasProxy: boolean): OptionText {
  return optionText`would be sent unencrypted to ${host}${hasProxy ? " through the proxy" : ""}; use https://, or ${phrase.allowInsecureAuth} if that network is yours`;
}
