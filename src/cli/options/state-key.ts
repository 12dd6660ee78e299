import { minStateKeyLength } from "../../providers/plan/state/fingerprints.js";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../errors/usage-error.js";

/** Returns the key for the fingerprints of secrets, or undefined if the user has set none. Throws a UsageError for a short key. */
export function readStateKey({ env }: CommandContext): string | undefined {
  const key = env["ZITADEL_IDP_STATE_KEY"];
  if (key === "") {
    throw new UsageError("ZITADEL_IDP_STATE_KEY is set but empty: set a key, or unset it");
  }
  if (key !== undefined && key.length < minStateKeyLength) {
    throw new UsageError(
      `ZITADEL_IDP_STATE_KEY must have at least ${minStateKeyLength} characters`,
    );
  }
  return key;
}
