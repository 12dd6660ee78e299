import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { IdentityProvider, ProviderType } from "zitadel-idp/providers";
import { useOwnerCalls } from "../owner/owner-context.js";
import { ProviderForm } from "./provider-form.js";

/** Properties of `AddForm`. */
export interface AddFormProps {
  readonly type: ProviderType;
  readonly onClose: () => void;
  readonly onSaved: (provider: IdentityProvider) => void;
}

/** Adds a provider of a type. */
export function AddForm({ type, onClose, onSaved }: AddFormProps): ReactElement {
  const { queries } = useOwnerCalls();
  const { mutate, isPending, error } = useMutation(queries.add(useQueryClient()));
  return (
    <ProviderForm
      type={type}
      isPending={isPending}
      error={error}
      onSubmit={(settings) => mutate(settings, { onSuccess: onSaved })}
      onCancel={onClose}
    />
  );
}
