import { type ReactElement, useEffect, useRef } from "react";
import type { FormField } from "zitadel-idp/forms";
import type { ProviderProblem } from "zitadel-idp/providers";
import { toFieldId } from "./field-problems.js";

/** Properties of `ProblemSummary`. */
export interface ProblemSummaryProps {
  readonly fields: readonly FormField[];
  readonly problems: readonly ProviderProblem[];
}

/** Announces the problems of a form, takes the focus, and links to each field. Shows nothing without problems. */
export function ProblemSummary({ fields, problems }: ProblemSummaryProps): ReactElement | null {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [problems]);
  if (problems.length === 0) {
    return null;
  }
  return (
    <div className="error" role="alert" ref={box} tabIndex={-1}>
      <p>{problems.length === 1 ? "One field needs a change:" : "Some fields need a change:"}</p>
      <ul>
        {problems.map(({ path, message }) => (
          <li key={`${path.join(".")} ${message}`}>
            <button type="button" className="link" onClick={() => focusField(path)}>
              {findLabel(fields, path)}
            </button>{" "}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Moves the focus to the input of a field, or to the nearest fieldset around the field. */
function focusField(path: ProviderProblem["path"]): void {
  const around = path.map((_step, at) => path.slice(0, path.length - at));
  for (const each of around) {
    const element = document.getElementById(toFieldId(each));
    if (element !== null) {
      element.focus();
      element.scrollIntoView({ block: "center" });
      return;
    }
  }
}

/** Returns the label of the innermost field on a path. */
function findLabel(fields: readonly FormField[], path: ProviderProblem["path"]): string {
  const [name, ...rest] = path;
  const field = fields.find((each) => each.name === name);
  if (field === undefined) {
    return rest.length > 0 && typeof name === "number" ? findLabel(fields, rest) : "The form";
  }
  return field.fields === undefined || rest.length === 0
    ? field.label
    : findLabel(field.fields, rest);
}
