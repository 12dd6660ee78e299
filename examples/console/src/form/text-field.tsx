import type { ReactElement } from "react";
import type { FieldProps } from "./form-values.js";
import { LabelledField } from "./labelled-field.js";

/** Shows a field of one line. A secret is hidden, and empty until the user enters a new one. */
export function TextField(props: FieldProps): ReactElement {
  const { field, value, isUpdate, onChange } = props;
  const isSecret = field.kind === "secret";
  return (
    <LabelledField {...props}>
      {(attributes) => (
        <input
          {...attributes}
          type={isSecret ? "password" : "text"}
          inputMode={field.kind === "url" ? "url" : undefined}
          autoComplete={isSecret ? "new-password" : "off"}
          placeholder={isSecret && isUpdate ? "Unchanged" : undefined}
          value={String(value ?? "")}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </LabelledField>
  );
}
