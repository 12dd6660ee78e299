import type { CheckedProvider } from "./checked-provider.js";
import { describeUpdate } from "./describe-update.js";

/** Returns the remedy that gives a secret another value, which the command reads from a variable of the environment. */
export function describeSecretUpdate(provider: CheckedProvider, field: string): string {
  return provider.id === undefined
    ? `set ${field} in the file`
    : describeUpdate(provider, field, "VARIABLE").replace("--set", "--secret-env");
}
