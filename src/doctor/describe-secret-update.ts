import type { CheckedProvider } from "./checked-provider.js";
import { describeUpdate } from "./describe-update.js";

/** Describes how to give a secret another value, by a command that reads it from an environment variable. */
export function describeSecretUpdate(provider: CheckedProvider, field: string): string {
  return provider.id === undefined
    ? `set ${field} in the file`
    : describeUpdate(provider, field, "VARIABLE").replace("--set", "--secret-env");
}
