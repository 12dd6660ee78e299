import type { EmulatorState } from "../store/emulator-state.js";

/** Returns the tokens and client secrets of the seed, which no header and no text of the log may show. */
export function listEmulatorSecrets({ tokens, accounts }: EmulatorState): string[] {
  const clientSecrets = [...accounts.byId.values()].flatMap(
    ({ clientSecret }) => clientSecret ?? [],
  );
  return [...tokens.keys(), ...clientSecrets].filter((secret) => secret !== "");
}
