import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useId } from "react";
import type { ActiveProviders } from "zitadel-idp/providers";
import { useOwnerCalls } from "../owner/owner-context.js";
import { ErrorMessage } from "../parts/error-message.js";

/** Properties of `ActiveSwitch`. */
export interface ActiveSwitchProps {
  readonly id: string;
  readonly name: string;
  /** The active providers. Undefined while they load. */
  readonly active: ActiveProviders | undefined;
}

/** Activates or deactivates a provider. Shows the change at once, and reverts it if the call fails. */
export function ActiveSwitch({ id, name, active }: ActiveSwitchProps): ReactElement {
  const { queries } = useOwnerCalls();
  const { mutate, isPending, error } = useMutation(queries.switch(useQueryClient()));
  const inputId = useId();
  return (
    <div className="switch">
      <input
        id={inputId}
        type="checkbox"
        role="switch"
        aria-label={`Show ${name} on the login page`}
        checked={active?.ids.includes(id) ?? false}
        // An inherited login policy belongs to the instance, so this organization cannot change it.
        disabled={active === undefined || active.isInherited || isPending}
        onChange={(event) => mutate({ id, active: event.target.checked })}
      />
      <label htmlFor={inputId}>On the login page</label>
      <ErrorMessage error={error} />
    </div>
  );
}
