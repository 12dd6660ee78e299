import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { toSettings } from "zitadel-idp/forms";
import type { IdentityProvider } from "zitadel-idp/providers";
import { useOwnerCalls } from "../owner/owner-context.js";
import { ErrorMessage } from "../parts/error-message.js";
import { ProviderForm } from "./provider-form.js";

/** Properties of `EditForm`. */
export interface EditFormProps {
  readonly id: string;
  readonly onClose: () => void;
  readonly onSaved: (provider: IdentityProvider) => void;
}

/** Shows the form of a provider, which it reads again first, and writes the changes. */
export function EditForm({ id, onClose, onSaved }: EditFormProps): ReactElement {
  const { queries } = useOwnerCalls();
  const update = useMutation(queries.update(useQueryClient()));
  const read = useQuery({
    ...queries.get(id),
    // The form must not start from an older state, nor change while the user types.
    gcTime: 0,
    refetchOnWindowFocus: false,
    select: toSettings,
  });
  if (read.data === undefined) {
    return read.error === null ? (
      <p role="status">Loading …</p>
    ) : (
      <ErrorMessage error={read.error} />
    );
  }
  const { type, ...values } = read.data;
  return (
    <ProviderForm
      type={type}
      before={values}
      isPending={update.isPending}
      error={update.error}
      onSubmit={({ type: _type, ...patch }) =>
        update.mutate({ id, patch }, { onSuccess: ({ provider }) => onSaved(provider) })
      }
      onCancel={onClose}
    />
  );
}
