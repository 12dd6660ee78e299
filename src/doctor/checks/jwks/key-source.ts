/** A set of keys that signs the tokens of a provider. */
export interface KeySource {
  /** The topic of the checks. */
  readonly topic: "oidc" | "jwt";
  readonly url: string;
  /** The field with the URL. Undefined if a discovery document has it. */
  readonly field?: string | undefined;
  /** True for a server of a company that works. */
  readonly isPublic?: boolean | undefined;
}
