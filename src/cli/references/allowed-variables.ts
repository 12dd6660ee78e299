/** The prefix of the variables that every plain field may read without permission. */
export const allowedVariablePrefix = "ZITADEL_IDP_VAR_";

/** Returns true if a plain field of a provider file may read the variable. Secret fields may read every variable. */
export function isAllowedVariable(name: string, allowEnv: readonly string[]): boolean {
  return name.startsWith(allowedVariablePrefix) || allowEnv.includes(name);
}
