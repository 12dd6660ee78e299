/**
 * The kind of input that a field needs.
 *
 * - `text`, `url`: one line
 * - `secret`: a value that can be written but never read; leave it out of an update to keep the current value
 * - `bytes`: several lines of text, such as PEM or XML; any other bytes as `base64:` and base64
 * - `duration`: seconds with an `s`, such as `10s`
 * - `flag`: true or false
 * - `choice`: one of `choices`
 * - `list`: several texts
 * - `group`: an object with `fields`
 * - `rows`: a list of objects with `fields`
 */
export type FormFieldKind =
  "text" | "url" | "secret" | "bytes" | "duration" | "flag" | "choice" | "list" | "group" | "rows";

/** The description of one field of a form. */
export interface FormField {
  /** The name of the field in the settings of the provider. */
  readonly name: string;
  /** The label in English. */
  readonly label: string;
  /** The help text in English, for the person who fills the form: plain text, without markup. */
  readonly help: string;
  /** The kind of input. */
  readonly kind: FormFieldKind;
  /** True if a provider cannot be added without this field. An update may leave out secrets. */
  readonly isRequired: boolean;
  /** True if the value may have several lines. */
  readonly isMultiline: boolean;
  /** The smallest and the largest length, in `unit`. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** The unit of `min` and `max`. Characters are Unicode code points. */
  readonly unit?: "characters" | "bytes" | "entries" | undefined;
  /** The lengths of each entry of a list, in characters. */
  readonly item?:
    { readonly min?: number | undefined; readonly max?: number | undefined } | undefined;
  /** The choices, in the order of the API. */
  readonly choices?: readonly FormChoice[] | undefined;
  /** The fields of an object. */
  readonly fields?: readonly FormField[] | undefined;
  /** The value of a new provider if the field is left out. Undefined for required fields and secrets. */
  readonly defaultValue?: unknown;
}

/** One choice of a field. */
export interface FormChoice {
  /** The value in the settings. */
  readonly value: string;
  /** The label in English. */
  readonly label: string;
}

/** The description of the form of one type of provider. */
export interface ProviderForm {
  /** The type of the provider, e.g. `google`. */
  readonly type: string;
  /** The name of the type in English, from the documentation of the API. */
  readonly label: string;
  /** The fields, in the order of the form. */
  readonly fields: readonly FormField[];
}
