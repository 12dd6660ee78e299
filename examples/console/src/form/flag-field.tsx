import type { ReactElement } from "react";
import { FieldMessage } from "./field-message.js";
import { toFieldId, filterProblemsWithin } from "./field-problems.js";
import type { FieldProps } from "./form-values.js";

/** Shows a field that is on or off. */
export function FlagField({ field, path, value, problems, onChange }: FieldProps): ReactElement {
  const id = toFieldId(path);
  const own = filterProblemsWithin(problems, path);
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
