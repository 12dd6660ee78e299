import { quoteShellWord } from "../utils/quote-shell-word.js";
import type { SharedOptions } from "./shared-options.js";

/** The options of the connection that the next command repeats. */
const connectionFlags = [
  ["url", "--url"],
  ["instanceHost", "--instance-host"],
  ["tokenFile", "--token-file"],
  ["keyFile", "--key-file"],
  ["clientId", "--client-id"],
  ["clientSecretFile", "--client-secret-file"],
  ["org", "--org"],
  ["profile", "--profile"],
  ["profiles", "--profiles"],
  ["protocol", "--protocol"],
  ["caFile", "--ca-file"],
  ["certFile", "--cert-file"],
  ["keyPemFile", "--key-pem-file"],
] as const satisfies readonly (readonly [keyof SharedOptions, string])[];

/** Formats a command line with the same connection and owner, ready to paste into a shell. */
export function formatNextCommand(words: readonly string[], options: SharedOptions): string {
  const flags = connectionFlags.flatMap(([name, flag]) => {
    const value = options[name];
    return value === undefined ? [] : [flag, value];
  });
  return [
    "zitadel-idp",
    ...words,
    ...(options.instance ? ["--instance"] : []),
    ...flags,
    // Do not repeat a URL with a password.
    ...(options.proxy === undefined || options.proxy.includes("@")
      ? []
      : ["--proxy", options.proxy]),
    ...(options.allowInsecureAuth ? ["--allow-insecure-auth"] : []),
  ]
    .map(quoteShellWord)
    .join(" ");
}
