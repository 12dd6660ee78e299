import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { ErrorMessage } from "../../../examples/console/src/parts/error-message.js";
import { Modal } from "../../../examples/console/src/parts/modal.js";
import { emulatorQuery } from "../control/control-queries.js";
import { useControl } from "../control/use-control.js";
import { LagForm } from "./lag-form.js";
import { SnapshotsPanel } from "./snapshots-panel.js";

/** Sets the lag, keeps and restores snapshots, and resets the emulator. */
export function StateView(): ReactElement {
  const emulator = useQuery(emulatorQuery);
  return (
    <>
      <SnapshotsPanel />
      {emulator.data && <LagForm key={emulator.data.lagMs} lagMs={emulator.data.lagMs} />}
      <ResetPanel />
    </>
  );
}

function ResetPanel(): ReactElement {
  const { send, error } = useControl();
  const [isAsking, setAsking] = useState(false);
  const [message, setMessage] = useState("");
  return (
    <section aria-labelledby="reset-heading">
      <h2 id="reset-heading">Reset</h2>
      <p className="help">
        Restores the state of the seed, with the same ids and tokens. Removes the faults and the
        log. Snapshots stay.
      </p>
      <p role="status" className="help">
        {message}
      </p>
      <ErrorMessage error={error} />
      <div className="actions">
        <button type="button" className="danger" onClick={() => setAsking(true)}>
          Reset the emulator
        </button>
      </div>
      {isAsking && (
        <Modal title="Reset the emulator?" onClose={() => setAsking(false)}>
          <div className="dialog-body">
            <p>All changes since the start are lost, unless a snapshot has them.</p>
            <footer className="dialog-footer">
              <button type="button" onClick={() => setAsking(false)}>
                Cancel
              </button>
              <button
                type="button"
                className="danger"
                onClick={() => {
                  setAsking(false);
                  send({ method: "POST", path: "reset" }, () =>
                    setMessage("The emulator was reset."),
                  );
                }}
              >
                Reset
              </button>
            </footer>
          </div>
        </Modal>
      )}
    </section>
  );
}
