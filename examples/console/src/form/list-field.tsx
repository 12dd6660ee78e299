import type { ReactElement } from "react";
import type { FieldProps } from "./form-values.js";
import { LabelledField } from "./labelled-field.js";

/** Shows a list of texts, one in each line. */
export function ListField(props: FieldProps): ReactElement {
  const { field, value, onChange } = props;
  const lines = Array.isArray(value) ? value.map(String) : [];
  const label = `${field.label}, one per line`;
  return (
    <LabelledField {...props} field={{ ...field, label }}>
      {(attributes) => (
        <textarea
          {...attributes}
          rows={Math.max(2, lines.length)}
          spellCheck={false}
          value={lines.join("\n")}
          onChange={({ target }) => onChange(target.value === "" ? [] : target.value.split("\n"))}
        />
      )}
    </LabelledField>
  );
}
