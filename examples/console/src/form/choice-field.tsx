import type { ReactElement } from "react";
import type { FieldProps } from "./form-values.js";
import { LabelledField } from "./labelled-field.js";

/** Shows a field with one of several choices. */
export function ChoiceField(props: FieldProps): ReactElement {
  const { field, value, onChange } = props;
  return (
    <LabelledField {...props}>
      {(attributes) => (
        <select
          {...attributes}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.target.value)}
        >
          {field.choices?.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </LabelledField>
  );
}
