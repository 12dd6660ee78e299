import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import type { IdentityProvider } from "zitadel-idp/providers";
import { useOwnerCalls } from "../owner/owner-context.js";
import { ErrorMessage } from "../parts/error-message.js";
import { Modal } from "../parts/modal.js";
import { findDisplayName } from "./type-label.js";

/** Properties of `DeleteDialog`. */
export interface DeleteDialogProps {
  readonly provider: IdentityProvider;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/**
 * Asks before a deletion. ZITADEL cannot list the users of a provider, so the person names the users to check. Otherwise the deletion
 * needs an explicit consent.
 */
export function DeleteDialog({ provider, onClose, onDeleted }: DeleteDialogProps): ReactElement {
  const { queries, providers } = useOwnerCalls();
  const { id } = provider;
  const [text, setText] = useState("");
  const [isAccepted, setAccepted] = useState(false);
  const fieldId = useId();
  const users = text.split(/[\s,]+/).filter((user) => user !== "");
  const count = useMutation({
    mutationFn: async () => await providers.countLinkedUsers(id, users),
  });
  const deletion = useMutation(queries.delete(useQueryClient()));
  const isUnlinked = count.data === 0;

  function submit(event: FormEvent): void {
    event.preventDefault();
    // With users, the operation counts again right before the deletion.
    const variables = isAccepted ? { id, evenIfLinked: true } : { id, users };
    deletion.mutate(variables, { onSuccess: onDeleted });
  }

  return (
    <Modal title={`Delete ${findDisplayName(provider)}?`} onClose={onClose}>
      <form className="dialog-body" onSubmit={submit}>
        <p>Users can no longer sign in with this provider. A deletion cannot be undone.</p>
        <div className="field">
          <label htmlFor={fieldId}>User IDs to check</label>
          <textarea
            id={fieldId}
            rows={3}
            aria-describedby={`${fieldId}-help`}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              count.reset();
            }}
          />
          <p className="help" id={`${fieldId}-help`}>
            ZITADEL cannot list the users of a provider. Enter the IDs of the users that may be
            linked to it, and the page counts those who are.
          </p>
        </div>
        <button
          type="button"
          disabled={users.length === 0 || count.isPending}
          onClick={() => count.mutate()}
        >
          Count linked users
        </button>
        <p role="status">
          {count.data !== undefined && `${count.data} of ${users.length} users are linked.`}
        </p>
        <label className="check">
          <input
            type="checkbox"
            checked={isAccepted}
            onChange={(event) => setAccepted(event.target.checked)}
          />
          Delete it even if users are linked
        </label>
        <ErrorMessage error={deletion.error ?? count.error} />
        <footer className="dialog-footer">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="danger"
            disabled={(!isUnlinked && !isAccepted) || deletion.isPending}
          >
            Delete
          </button>
        </footer>
      </form>
    </Modal>
  );
}
