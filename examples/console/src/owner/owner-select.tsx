import type { Transport } from "@connectrpc/connect";
import { type ReactElement, useId } from "react";
import { ErrorMessage } from "../parts/error-message.js";
import type { Owner } from "./owner.js";
import { useOrganizations } from "./use-organizations.js";

/** Properties of `OwnerSelect`. */
export interface OwnerSelectProps {
  /** The transport without the id of an organization, so that ZITADEL takes the organization of the user. */
  readonly transport: Transport;
  readonly owner: Owner;
  readonly onChange: (owner: Owner) => void;
}

/** The value of the choice for the instance. No organization has such an id. */
const instance = "instance";

/** Lets the user choose an organization or, with a role on the instance, the instance. */
export function OwnerSelect({ transport, owner, onChange }: OwnerSelectProps): ReactElement {
  const { own, all, error } = useOrganizations(transport);
  const id = useId();
  const organizations = all ?? (own === undefined ? [] : [own]);
  return (
    <div className="inline-field">
      <label htmlFor={id}>Organization</label>
      <select
        id={id}
        value={owner.kind === "org" ? (owner.id ?? own?.id) : instance}
        onChange={({ target: { value } }) =>
          onChange(value === instance ? { kind: "instance" } : { kind: "org", id: value })
        }
      >
        {organizations.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
        {all !== undefined && <option value={instance}>Instance (all organizations)</option>}
      </select>
      <ErrorMessage error={error} />
    </div>
  );
}
