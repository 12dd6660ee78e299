import { type ReactElement, useId } from "react";
import type { IdentityProvider } from "zitadel-idp/providers";
import { SelectField } from "../parts/select-field.js";
import type { ProviderFilter } from "./provider-filter.js";
import { findTypeLabel } from "./type-label.js";

/** Properties of `FilterBar`. */
export interface FilterBarProps {
  readonly filter: ProviderFilter;
  /** The types of the providers in the list. */
  readonly types: readonly IdentityProvider["type"][];
  /** True if the list has providers of the instance beside those of the organization. */
  readonly hasOwners: boolean;
  readonly onChange: (filter: ProviderFilter) => void;
}

/** Lets the user filter the list. */
export function FilterBar({ filter, types, hasOwners, onChange }: FilterBarProps): ReactElement {
  const id = useId();
  const change = (part: Partial<ProviderFilter>): void => onChange({ ...filter, ...part });
  return (
    <search className="filters">
      <div className="field">
        <label htmlFor={id}>Search</label>
        <input
          id={id}
          type="search"
          placeholder="Name or ID"
          value={filter.text}
          onChange={(event) => change({ text: event.target.value })}
        />
      </div>
      <SelectField
        label="Type"
        value={filter.type}
        options={[["", "All types"], ...types.map((type) => [type, findTypeLabel(type)] as const)]}
        onChange={(type) => change({ type })}
      />
      {hasOwners && (
        <SelectField
          label="Owner"
          value={filter.owner}
          options={[
            ["", "All owners"],
            ["org", "Organization"],
            ["instance", "Instance"],
          ]}
          onChange={(owner) => change({ owner })}
        />
      )}
      <SelectField
        label="On the login page"
        value={filter.active}
        options={[
          ["", "All"],
          ["active", "Yes"],
          ["inactive", "No"],
        ]}
        onChange={(active) => change({ active: active as ProviderFilter["active"] })}
      />
    </search>
  );
}
