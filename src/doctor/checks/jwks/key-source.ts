/** The source of the keys that verify the tokens of a provider. */
export interface KeySource {
  /** The topic of the checks. */
  readonly topic: "oidc" | "jwt";
  readonly url: string;
  /** The field with the URL. Undefined if a discovery document has it. */
  readonly field?: string | undefined;
  /** True for a public server that certainly works. */
  readonly isPublic?: boolean | undefined;
}
