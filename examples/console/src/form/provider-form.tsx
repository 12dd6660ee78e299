import { type FormEvent, type ReactElement, useMemo, useState } from "react";
import { parseViolations, providerForm, validateProvider } from "zitadel-idp/forms";
import type { ProviderProblem, ProviderSettings, ProviderType } from "zitadel-idp/providers";
import { ErrorMessage } from "../parts/error-message.js";
import { Fields } from "./fields.js";
import { type FormValues, createInitialValues, toFormSettings } from "./form-values.js";
import { ProblemSummary } from "./problem-summary.js";

/** Properties of `ProviderForm`. */
export interface ProviderFormProps {
  readonly type: ProviderType;
  /** The current values of the provider. Undefined for a new provider. */
  readonly before?: FormValues | undefined;
  readonly isPending: boolean;
  /** The error of the last call. */
  readonly error: unknown;
  /** Sends settings that have no problems. */
  readonly onSubmit: (settings: ProviderSettings) => void;
  readonly onCancel: () => void;
}

/** Shows all fields of a type. Checks the values before it submits them, and shows the violations of the server at their fields. */
export function ProviderForm(props: ProviderFormProps): ReactElement {
  const { type, before, isPending, error, onSubmit, onCancel } = props;
  const fields = useMemo(() => providerForm(type).fields, [type]);
  const [values, setValues] = useState(() => ({ ...createInitialValues(fields), ...before }));
  const [ownProblems, setOwnProblems] = useState<readonly ProviderProblem[]>([]);
  const violations = useMemo(() => parseViolations(error), [error]);
  const problems = ownProblems.length > 0 ? ownProblems : violations;

  function submit(event: FormEvent): void {
    event.preventDefault();
    const settings = { ...toFormSettings(fields, values, before ?? {}), type };
    const found = validateProvider(settings, { purpose: before === undefined ? "add" : "update" });
    setOwnProblems(found);
    if (found.length === 0) {
      // `validateProvider` has checked the names and types of all fields.
      onSubmit(settings as unknown as ProviderSettings);
    }
  }

  return (
    // The messages of this form name the field and the limit; those of the browser do not.
    <form className="dialog-body" noValidate onSubmit={submit}>
      <ProblemSummary fields={fields} problems={problems} />
      <ErrorMessage error={problems.length > 0 ? undefined : error} />
      <Fields
        fields={fields}
        path={[]}
        values={values}
        problems={problems}
        isUpdate={before !== undefined}
        onChange={(changed) => setValues({ ...changed })}
      />
      <footer className="dialog-footer">
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="primary" disabled={isPending}>
          {isPending ? "Saving …" : "Save"}
        </button>
      </footer>
    </form>
  );
}
