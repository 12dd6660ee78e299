import type { ReactElement } from "react";
import { FieldMessage } from "./field-message.js";
import { toFieldId, filterProblemsAt } from "./field-problems.js";
import { Fields } from "./fields.js";
import type { FieldProps, FormValues } from "./form-values.js";

/** Shows an object with the fields inside of it. */
export function GroupField(props: FieldProps): ReactElement {
  const { field, path, value, problems, isUpdate, onChange } = props;
  const id = toFieldId(path);
  return (
    <fieldset id={id} aria-describedby={`${id}-message`}>
      <legend>{field.label}</legend>
      <FieldMessage id={id} field={field} problems={filterProblemsAt(problems, path)} />
      <Fields
        fields={field.fields ?? []}
        path={path}
        values={(value ?? {}) as FormValues}
        problems={problems}
        isUpdate={isUpdate}
        onChange={onChange}
      />
    </fieldset>
  );
}
