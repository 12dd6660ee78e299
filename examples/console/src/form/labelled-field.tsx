import type { ReactElement, ReactNode } from "react";
import { FieldMessage } from "./field-message.js";
import { toFieldId, filterProblemsWithin } from "./field-problems.js";
import type { FieldProps } from "./form-values.js";

/** The attributes that tie an input to its label, its help and its problems. */
export interface InputAttributes {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly "aria-invalid": boolean;
  readonly "aria-required": boolean;
}

/** Properties of `LabelledField`. */
export interface LabelledFieldProps extends FieldProps {
  /** A text after the label. */
  readonly note?: string | undefined;
  /** Returns the input with these attributes. */
  readonly children: (attributes: InputAttributes) => ReactNode;
}

/** Shows the label, the input and the message of a field. */
export function LabelledField(props: LabelledFieldProps): ReactElement {
  const { field, path, problems, isUpdate, note, children } = props;
  const id = toFieldId(path);
  const own = filterProblemsWithin(problems, path);
  const isRequired = field.isRequired && !(isUpdate && field.kind === "secret");
  return (
    <div className="field">
      <label htmlFor={id}>
        {field.label}
        {note !== undefined && `, ${note}`}
        {isRequired && <span className="required"> (required)</span>}
      </label>
      {children({
        id,
        "aria-describedby": `${id}-message`,
        "aria-invalid": own.length > 0,
        "aria-required": isRequired,
      })}
      <FieldMessage id={id} field={field} problems={own} />
    </div>
  );
}
