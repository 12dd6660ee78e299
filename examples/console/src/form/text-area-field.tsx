import type { ReactElement } from "react";
import type { FieldProps } from "./form-values.js";
import { LabelledField } from "./labelled-field.js";

/** Shows a field of several lines, such as PEM or XML. */
export function TextAreaField(props: FieldProps): ReactElement {
  const { field, value, isUpdate, onChange } = props;
  return (
    <LabelledField {...props}>
      {(attributes) => (
        <textarea
          {...attributes}
          rows={5}
          spellCheck={false}
          autoComplete="off"
          placeholder={field.kind === "secret" && isUpdate ? "Unchanged" : undefined}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </LabelledField>
  );
}
