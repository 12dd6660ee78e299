/** The environment and the folder in which references are resolved. */
export interface ReferenceContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder for relative paths. */
  readonly folder: string;
  /** The variables that plain fields may read, from `--allow-env` and the profile. Default: none. */
  readonly allowEnv?: readonly string[];
}

/** The value of a reference, or the problem with it. */
export type ResolvedReference = { readonly value: string } | UnresolvedReference;

/** A reference that cannot be resolved. */
export interface UnresolvedReference {
  readonly problem: string;
  /** True if the reference is well formed, but its variable or file is missing. */
  readonly isAbsent?: boolean | undefined;
}
