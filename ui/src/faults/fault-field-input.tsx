import { type ReactElement, useId } from "react";
import { SelectField } from "../../../examples/console/src/parts/select-field.js";
import { InputField } from "../parts/input-field.js";
import type { FaultField } from "./fault-fields.js";

/** Properties of `FaultFieldInput`. */
export interface FaultFieldInputProps {
  readonly field: FaultField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Shows the input of one field of a fault. */
export function FaultFieldInput({ field, value, onChange }: FaultFieldInputProps): ReactElement {
  const id = useId();
  const { label, kind, options, isRequired = false } = field;
  if (options !== undefined) {
    return (
      <SelectField
        label={label}
        value={value || (options[0]?.[0] ?? "")}
        options={options}
        onChange={onChange}
      />
    );
  }
  if (kind === "lines") {
    return (
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <textarea
          id={id}
          rows={3}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
    );
  }
  return (
    <InputField
      label={label}
      type={kind}
      {...(kind === "number" && { min: 0 })}
      isRequired={isRequired}
      value={value}
      onChange={onChange}
    />
  );
}
