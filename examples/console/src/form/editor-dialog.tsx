import { type ReactElement, useState } from "react";
import type { IdentityProvider, ProviderType } from "zitadel-idp/providers";
import { Modal } from "../parts/modal.js";
import { findDisplayName, findTypeLabel } from "../providers/type-label.js";
import { AddForm } from "./add-form.js";
import { EditForm } from "./edit-form.js";
import { TypePicker } from "./type-picker.js";

/** Properties of `EditorDialog`. */
export interface EditorDialogProps {
  /** The provider to edit. Undefined to add one. */
  readonly provider: IdentityProvider | undefined;
  readonly onClose: () => void;
  readonly onSaved: (provider: IdentityProvider) => void;
}

/** Shows the form of a provider, after a choice of the type for a new one. */
export function EditorDialog({ provider, onClose, onSaved }: EditorDialogProps): ReactElement {
  const [type, setType] = useState<ProviderType>();
  if (provider !== undefined) {
    return (
      <Modal title={`Edit ${findDisplayName(provider)}`} onClose={onClose}>
        <EditForm id={provider.id} onClose={onClose} onSaved={onSaved} />
      </Modal>
    );
  }
  return (
    <Modal
      title={type === undefined ? "Add a provider" : `Add ${findTypeLabel(type)}`}
      onClose={onClose}
    >
      {type === undefined ? (
        <TypePicker onPick={setType} />
      ) : (
        <AddForm type={type} onClose={onClose} onSaved={onSaved} />
      )}
    </Modal>
  );
}
