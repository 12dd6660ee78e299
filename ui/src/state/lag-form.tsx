import { type FormEvent, type ReactElement, useState } from "react";
import { ErrorMessage } from "../../../examples/console/src/parts/error-message.js";
import { useControl } from "../control/use-control.js";
import { InputField } from "../parts/input-field.js";

/** Sets the delay until lists show a write. */
export function LagForm({ lagMs }: { readonly lagMs: number }): ReactElement {
  const [ms, setMs] = useState(String(lagMs));
  const { send, isPending, error } = useControl();

  function submit(event: FormEvent): void {
    event.preventDefault();
    send({ method: "PUT", path: "lag", body: { ms: Number(ms) } });
  }

  return (
    <section aria-labelledby="lag-heading">
      <h2 id="lag-heading">Lag</h2>
      <p className="help">
        The lists of a real server show a write some milliseconds later. With a lag, the lists of
        the emulator do too. This page shows every write at once.
      </p>
      <form className="inline-form" onSubmit={submit}>
        <InputField
          label="Lag in milliseconds"
          type="number"
          min={0}
          max={3_600_000}
          isRequired
          value={ms}
          onChange={setMs}
        />
        <button type="submit" disabled={isPending || ms === String(lagMs)}>
          Set the lag
        </button>
      </form>
      <p role="status" className="help">
        {lagMs === 0 ? "Lists show every write at once." : `Lists show a write after ${lagMs} ms.`}
      </p>
      <ErrorMessage error={error} />
    </section>
  );
}
