import { type ReactElement, useId } from "react";
import type { FaultEntry } from "../control/control-queries.js";
import type { ControlChange } from "../control/use-control.js";
import { formatFaultConditions, formatFaultTitle } from "./describe-fault.js";

/** Properties of `FaultRow`. */
export interface FaultRowProps {
  readonly fault: FaultEntry;
  readonly onChange: (change: ControlChange) => void;
}

/** Shows a fault with its hits, and lets the user switch it or remove it. */
export function FaultRow({ fault, onChange }: FaultRowProps): ReactElement {
  const id = useId();
  const path = `faults/${fault.id}`;
  const title = formatFaultTitle(fault);
  return (
    <li className="entry">
      <div>
        <h3>{title}</h3>
        <p className="help" id={`${id}-conditions`}>
          {formatFaultConditions(fault)}
        </p>
      </div>
      <div className="switch">
        <input
          id={id}
          type="checkbox"
          role="switch"
          aria-label={`Fault ${fault.id} is on`}
          aria-describedby={`${id}-conditions`}
          checked={fault.on}
          onChange={(event) =>
            onChange({ method: "PATCH", path, body: { on: event.target.checked } })
          }
        />
        <label htmlFor={id}>On</label>
      </div>
      <button
        type="button"
        aria-label={`Remove fault ${fault.id}, ${title}`}
        onClick={() => onChange({ method: "DELETE", path })}
      >
        Remove
      </button>
    </li>
  );
}
