import type { ReactElement } from "react";
import type { ActiveProviders, IdentityProvider } from "zitadel-idp/providers";
import { useOwnerCalls } from "../owner/owner-context.js";
import { ActiveSwitch } from "./active-switch.js";
import { findDisplayName, findTypeLabel } from "./type-label.js";

/** Properties of `ProviderRow`. */
export interface ProviderRowProps {
  readonly provider: IdentityProvider;
  /** The active providers. Undefined while they load. */
  readonly active: ActiveProviders | undefined;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

/** The types that this client cannot write. */
const readOnlyTypes: ReadonlySet<IdentityProvider["type"]> = new Set([
  "legacyOidc",
  "legacyJwt",
  "unknown",
]);

/** Shows one provider with its switch and its buttons. */
export function ProviderRow({
  provider,
  active,
  onEdit,
  onDelete,
}: ProviderRowProps): ReactElement {
  const { owner } = useOwnerCalls();
  const name = findDisplayName(provider);
  const isOwn = provider.owner === owner.kind;
  const isEditable = isOwn && !readOnlyTypes.has(provider.type);
  return (
    <li className="provider">
      <div className="provider-name">
        <h3>{name}</h3>
        <p className="help">ID {provider.id}</p>
      </div>
      <dl>
        <dt>Type</dt>
        <dd>{findTypeLabel(provider.type)}</dd>
        <dt>Owner</dt>
        <dd>{provider.owner === "org" ? "Organization" : "Instance"}</dd>
      </dl>
      <ActiveSwitch id={provider.id} name={name} active={active} />
      <div className="actions">
        {isEditable ? (
          <>
            <button type="button" aria-label={`Edit ${name}`} onClick={onEdit}>
              Edit
            </button>
            <button type="button" aria-label={`Delete ${name}`} onClick={onDelete}>
              Delete
            </button>
          </>
        ) : (
          <p className="help">{isOwn ? "Read only" : "The instance manages it"}</p>
        )}
      </div>
    </li>
  );
}
