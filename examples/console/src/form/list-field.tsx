import type { ReactElement } from "react";
import type { FieldProps } from "./form-values.js";
import { LabelledField } from "./labelled-field.js";

/** Shows a list of texts, one in each line. */
export function ListField(props: FieldProps): ReactElement {
  const { value, onChange } = props;
  const lines = Array.isArray(value) ? value.map(String) : [];
  return (
    <LabelledField {...props} note="one per line">
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
