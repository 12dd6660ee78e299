import type { ReactElement } from "react";
import type { FormFieldKind } from "zitadel-idp/forms";
import { ChoiceField } from "./choice-field.js";
import { FlagField } from "./flag-field.js";
import type { FieldProps } from "./form-values.js";
import { GroupField } from "./group-field.js";
import { ListField } from "./list-field.js";
import { RowsField } from "./rows-field.js";
import { TextAreaField } from "./text-area-field.js";
import { TextField } from "./text-field.js";

/** The component of each kind of field. */
const components: Readonly<Record<FormFieldKind, (props: FieldProps) => ReactElement>> = {
  text: TextField,
  url: TextField,
  duration: TextField,
  secret: TextField,
  bytes: TextAreaField,
  flag: FlagField,
  choice: ChoiceField,
  list: ListField,
  group: GroupField,
  rows: RowsField,
};

/** Shows the input of a field, by its kind. */
export function Field(props: FieldProps): ReactElement {
  const { kind, isMultiline } = props.field;
  const Component = isMultiline ? TextAreaField : components[kind];
  return <Component {...props} />;
}
