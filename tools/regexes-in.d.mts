/** A regular expression in the sources. */
export interface FoundRegex {
  readonly text: string;
  readonly pattern: string;
  readonly flags: string;
  /** True for an expression that is created at run time. */
  readonly isDynamic: boolean;
}

export function regexesIn(folder?: string): (FoundRegex & { readonly path: string })[];
export function regexesOf(code: string): FoundRegex[];
