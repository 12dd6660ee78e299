import type { ReactElement } from "react";
import { FieldMessage } from "./field-message.js";
import { fieldId, problemsWithin } from "./field-problems.js";
import type { FieldProps } from "./form-values.js";

/** Shows a field that is on or off. */
export function FlagField({ field, path, value, problems, onChange }: FieldProps): ReactElement {
  const id = fieldId(path);
  const own = problemsWithin(problems, path);
  return (
    <div className="field">
      <label className="check" htmlFor={id}>
        <input
          id={id}
          type="checkbox"
          aria-describedby={`${id}-message`}
          aria-invalid={own.length > 0}
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
        {field.label}
      </label>
      <FieldMessage id={id} field={field} problems={own} />
    </div>
  );
}
