import type { FormField } from "zitadel-idp/forms";
import type { ProviderProblem } from "zitadel-idp/providers";

/** The values of a form by the names of the fields, as in settings. */
export type FormValues = Readonly<Record<string, unknown>>;

/** Properties of the component of each kind of field. */
export interface FieldProps {
  readonly field: FormField;
  /** The location of the value in the settings. */
  readonly path: ProviderProblem["path"];
  readonly value: unknown;
  readonly problems: readonly ProviderProblem[];
  /** True if the provider exists, so that an empty secret keeps the stored secret. */
  readonly isUpdate: boolean;
  readonly onChange: (value: unknown) => void;
}

/** Creates the values of a new row or a new form: the default of each field, or an empty text or list. */
export function createInitialValues(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(
    fields.map(({ name, kind, defaultValue }) => [
      name,
      defaultValue ?? (kind === "list" || kind === "rows" ? [] : ""),
    ]),
  );
}

/**
 * Returns the settings in a form. Leaves out empty fields that had no value before: the server then keeps a secret, and an optional
 * field gets its default.
 */
export function toFormSettings(
  fields: readonly FormField[],
  values: FormValues,
  before: FormValues,
): FormValues {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = toFieldSettings(field, values[field.name]);
      const isEmpty = value === "" || (Array.isArray(value) && value.length === 0);
      return isEmpty && before[field.name] === undefined ? [] : [[field.name, value]];
    }),
  );
}

function toFieldSettings({ kind }: FormField, value: unknown): unknown {
  // The last line of a list is empty while the user types.
  return kind === "list" && Array.isArray(value)
    ? value.map((text) => String(text).trim()).filter((text) => text !== "")
    : value;
}
