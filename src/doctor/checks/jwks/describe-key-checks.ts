import type { CheckDescription } from "../../../lint/finding.js";
import type { KeySource } from "./key-source.js";

/** The checks of key sets by their names without a topic. */
const keyChecks: Readonly<Record<string, CheckDescription>> = {
  "keys-unreachable": {
    meaning: "The JSON Web Key set of the provider does not load, so ZITADEL cannot verify tokens.",
    fix: "Make the URL of the keys reachable from ZITADEL, and configure it to answer with status 200.",
  },
  "keys-invalid": {
    meaning:
      "The URL does not serve a key set, or the set contains a malformed key. ZITADEL then rejects the whole set.",
    fix: "Correct the URL, or remove the key at the provider.",
  },
  "no-usable-key": {
    meaning: `No key of the set can verify tokens for ZITADEL, which accepts RS256, ES256 and PS256.`,
    fix: "Publish a public key for one of these algorithms, and sign tokens with it.",
  },
  "private-key-published": {
    meaning: "The key set contains private or symmetric keys, with which anyone can sign tokens.",
    fix: "Replace the key at once, and publish only its public part.",
  },
  "weak-key": {
    meaning: "An RSA key has fewer than 2048 bits, so that others may break it and sign tokens.",
    fix: "Sign with a longer key.",
  },
  "ambiguous-keys": {
    meaning: "Several keys have the same id or none, so ZITADEL cannot find the key of a token.",
    fix: "Give each key an id of its own.",
  },
};

/** Returns the checks of key sets with their full names. */
export function describeKeyChecks(topic: KeySource["topic"]): Record<string, CheckDescription> {
  return Object.fromEntries(
    Object.entries(keyChecks).map(([name, description]) => [`${topic}/${name}`, description]),
  );
}
