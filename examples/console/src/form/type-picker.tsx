import type { ReactElement } from "react";
import { formTypes } from "zitadel-idp/forms";
import type { ProviderType } from "zitadel-idp/providers";
import { findTypeLabel } from "../providers/type-label.js";

/** Lets the user choose the type of a new provider. */
export function TypePicker({
  onPick,
}: {
  readonly onPick: (type: ProviderType) => void;
}): ReactElement {
  return (
    <ul className="types">
      {formTypes.map((type) => (
        <li key={type}>
          <button type="button" onClick={() => onPick(type)}>
            {findTypeLabel(type)}
          </button>
        </li>
      ))}
    </ul>
  );
}
