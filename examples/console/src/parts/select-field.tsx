import { type ReactElement, useId } from "react";

/** Properties of `SelectField`. */
export interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  /** The values with their labels. */
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

/** Shows a choice of one value with its label. */
export function SelectField({ label, value, options, onChange }: SelectFieldProps): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
