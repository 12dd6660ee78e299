import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { ErrorMessage } from "../../../examples/console/src/parts/error-message.js";
import { faultsQuery } from "../control/control-queries.js";
import { useControl } from "../control/use-control.js";
import { FaultForm } from "./fault-form.js";
import { FaultRow } from "./fault-row.js";

/** Lists the faults, each with a switch, and adds new ones. */
export function FaultsView(): ReactElement {
  const faults = useQuery(faultsQuery);
  const { send, error } = useControl();
  return (
    <>
      <section aria-labelledby="faults-heading">
        <header className="section-header">
          <h2 id="faults-heading">Faults</h2>
          {(faults.data?.length ?? 0) > 0 && (
            <button type="button" onClick={() => send({ method: "DELETE", path: "faults" })}>
              Remove all
            </button>
          )}
        </header>
        <ErrorMessage error={faults.error ?? error} />
        {faults.data?.length === 0 && (
          <p className="help">All calls work. Add a fault below to test how a client handles it.</p>
        )}
        <ul className="entries">
          {faults.data?.map((fault) => (
            <FaultRow key={fault.id} fault={fault} onChange={send} />
          ))}
        </ul>
      </section>
      <FaultForm />
    </>
  );
}
