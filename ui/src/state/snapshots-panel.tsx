import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { ErrorMessage } from "../../../examples/console/src/parts/error-message.js";
import { snapshotsQuery } from "../control/control-queries.js";
import { useControl } from "../control/use-control.js";
import { InputField } from "../parts/input-field.js";
import { downloadSnapshot, readSnapshotUpload, toSnapshotPath } from "./snapshot-transfer.js";
import { UploadButton } from "./upload-button.js";

/** Keeps the state under names, restores it, and exchanges it with files. */
export function SnapshotsPanel(): ReactElement {
  const snapshots = useQuery(snapshotsQuery);
  const { send, error } = useControl();
  const [name, setName] = useState("");
  const [message, setMessage] = useState("");
  const [fileError, setFileError] = useState<unknown>();

  function save(event: FormEvent): void {
    event.preventDefault();
    send({ method: "PUT", path: toSnapshotPath(name) }, () => {
      setMessage(`Saved ${name}.`);
      setName("");
    });
  }

  async function upload(file: File): Promise<void> {
    setFileError(undefined);
    try {
      const { name: uploaded, body } = await readSnapshotUpload(file);
      send({ method: "PUT", path: toSnapshotPath(uploaded), body }, () =>
        setMessage(`Uploaded ${uploaded}.`),
      );
    } catch (reason) {
      setFileError(reason);
    }
  }

  return (
    <section aria-labelledby="snapshots-heading">
      <h2 id="snapshots-heading">Snapshots</h2>
      <p className="help">
        A snapshot has the providers, the login policies, the linked accounts and the events,
        without secrets. It is kept until the emulator ends; download it to keep it longer.
      </p>
      <form className="inline-form" onSubmit={save}>
        <InputField label="Name" isRequired value={name} onChange={setName} />
        <button type="submit" className="primary">
          Save the state
        </button>
        <UploadButton label="Upload a snapshot" onChoose={(file) => void upload(file)} />
      </form>
      <p role="status" className="help">
        {message}
      </p>
      <ErrorMessage error={snapshots.error ?? error ?? fileError} />
      {snapshots.data?.length === 0 && <p className="help">There are no snapshots.</p>}
      <ul className="entries">
        {snapshots.data?.map((each) => (
          <li key={each} className="entry">
            <h3>{each}</h3>
            <div className="actions">
              <button
                type="button"
                aria-label={`Load ${each}`}
                onClick={() =>
                  send({ method: "POST", path: `${toSnapshotPath(each)}/load` }, () =>
                    setMessage(`Loaded ${each}.`),
                  )
                }
              >
                Load
              </button>
              <button
                type="button"
                aria-label={`Download ${each}`}
                onClick={() => void downloadSnapshot(each).catch(setFileError)}
              >
                Download
              </button>
              <button
                type="button"
                aria-label={`Delete ${each}`}
                onClick={() => send({ method: "DELETE", path: toSnapshotPath(each) })}
              >
                Delete
              </button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
