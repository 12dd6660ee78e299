import type { ReactElement } from "react";
import { FieldMessage } from "./field-message.js";
import { toFieldId, filterProblemsAt } from "./field-problems.js";
import { Fields } from "./fields.js";
import { type FieldProps, type FormValues, createInitialValues } from "./form-values.js";

/** Shows a list of objects. The user can add and remove rows. */
export function RowsField(props: FieldProps): ReactElement {
  const { field, path, value, problems, isUpdate, onChange } = props;
  const { fields = [], label } = field;
  const rows = (Array.isArray(value) ? value : []) as readonly FormValues[];
  const id = toFieldId(path);
  return (
    <fieldset id={id} aria-describedby={`${id}-message`}>
      <legend>{label}</legend>
      <FieldMessage id={id} field={field} problems={filterProblemsAt(problems, path)} />
      {rows.map((row, index) => (
        // Rows have no ids, and none can change places.
        <fieldset key={index}>
          <legend>
            {label}, row {index + 1}
          </legend>
          <Fields
            fields={fields}
            path={[...path, index]}
            values={row}
            problems={problems}
            isUpdate={isUpdate}
            onChange={(changed) => onChange(rows.with(index, changed))}
          />
          <button
            type="button"
            aria-label={`Remove row ${index + 1}`}
            onClick={() => onChange(rows.toSpliced(index, 1))}
          >
            Remove
          </button>
        </fieldset>
      ))}
      <button type="button" onClick={() => onChange([...rows, createInitialValues(fields)])}>
        Add a row
      </button>
    </fieldset>
  );
}
