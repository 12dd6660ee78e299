import type { ReactElement } from "react";
import type { FormField } from "zitadel-idp/forms";
import type { ProviderProblem } from "zitadel-idp/providers";

/** Properties of `FieldMessage`. */
export interface FieldMessageProps {
  /** The id of the input that this text describes. */
  readonly id: string;
  readonly field: FormField;
  readonly problems: readonly ProviderProblem[];
}

/** Shows the problems and the help of a field. The input refers to it by `aria-describedby`. */
export function FieldMessage({ id, field, problems }: FieldMessageProps): ReactElement {
  return (
    <div id={`${id}-message`}>
      {problems.map(({ path, message }) => (
        <p key={`${path.join(".")} ${message}`} className="problem">
          {field.label} {message}.
        </p>
      ))}
      {field.help !== "" && <p className="help">{field.help}</p>}
    </div>
  );
}
