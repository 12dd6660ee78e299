import { type ReactElement, useId } from "react";

/** Properties of `InputField`. */
export interface InputFieldProps {
  readonly label: string;
  readonly value: string;
  readonly type?: "text" | "number";
  readonly min?: number;
  readonly max?: number;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  /** Values that the browser offers while the user types. */
  readonly suggestions?: readonly string[];
  readonly onChange: (value: string) => void;
}

/** Shows an input of one line with its label. */
export function InputField(props: InputFieldProps): ReactElement {
  const {
    label,
    value,
    type = "text",
    min,
    max,
    placeholder,
    isRequired,
    suggestions,
    onChange,
  } = props;
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        min={min}
        max={max}
        placeholder={placeholder}
        required={isRequired}
        autoComplete="off"
        list={suggestions && `${id}-list`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </div>
  );
}
