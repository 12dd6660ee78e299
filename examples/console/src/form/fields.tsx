import type { ReactElement } from "react";
import type { FormField } from "zitadel-idp/forms";
import type { ProviderProblem } from "zitadel-idp/providers";
import { Field } from "./field.js";
import type { FormValues } from "./form-values.js";

/** Properties of `Fields`. */
export interface FieldsProps {
  readonly fields: readonly FormField[];
  readonly path: ProviderProblem["path"];
  readonly values: FormValues;
  readonly problems: readonly ProviderProblem[];
  readonly isUpdate: boolean;
  readonly onChange: (values: FormValues) => void;
}

/** Shows all fields of an object. */
export function Fields(props: FieldsProps): ReactElement {
  const { fields, path, values, problems, isUpdate, onChange } = props;
  return (
    <>
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          path={[...path, field.name]}
          value={values[field.name]}
          problems={problems}
          isUpdate={isUpdate}
          onChange={(value) => onChange({ ...values, [field.name]: value })}
        />
      ))}
    </>
  );
}
