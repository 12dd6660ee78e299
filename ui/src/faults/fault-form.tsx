import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import type { Fault } from "../../../src/emulator/index.js";
import { ErrorMessage } from "../../../examples/console/src/parts/error-message.js";
import { SelectField } from "../../../examples/console/src/parts/select-field.js";
import { rpcsQuery } from "../control/control-queries.js";
import { useControl } from "../control/use-control.js";
import { InputField } from "../parts/input-field.js";
import { emptyDraft, type FaultDraft, readyMadeDrafts, toFaultRule } from "./fault-draft.js";
import { faultTypes } from "./fault-fields.js";
import { FaultFieldInput } from "./fault-field-input.js";

/** Adds a ready-made fault, or a fault of any type. */
export function FaultForm(): ReactElement {
  const [draft, setDraft] = useState(emptyDraft);
  const { send, isPending, error } = useControl();
  const change = (part: Partial<FaultDraft>): void => setDraft({ ...draft, ...part });
  const { help, fields } = faultTypes[draft.type];

  function submit(event: FormEvent): void {
    event.preventDefault();
    send({ method: "POST", path: "faults", body: toFaultRule(draft) });
  }

  return (
    <section aria-labelledby="add-fault-heading">
      <h2 id="add-fault-heading">Add a fault</h2>
      <div className="actions" role="group" aria-label="Ready-made faults">
        {Object.entries(readyMadeDrafts).map(([name, ready]) => (
          <button key={name} type="button" onClick={() => setDraft(ready)}>
            {name}
          </button>
        ))}
      </div>
      <form className="dialog-body" onSubmit={submit}>
        <div className="filters">
          <SelectField
            label="Fault"
            value={draft.type}
            options={Object.entries(faultTypes).map(([type, { label }]) => [type, label])}
            onChange={(type) => change({ type: type as Fault["type"], fields: {} })}
          />
          {fields.map((field) => (
            <FaultFieldInput
              key={field.name}
              field={field}
              value={draft.fields[field.name] ?? ""}
              onChange={(value) => change({ fields: { ...draft.fields, [field.name]: value } })}
            />
          ))}
        </div>
        <p className="help">{help}</p>
        <FaultTarget draft={draft} onChange={change} />
        <ErrorMessage error={error} />
        <div className="actions">
          <button type="submit" className="primary" disabled={isPending}>
            Switch it on
          </button>
        </div>
      </form>
    </section>
  );
}

interface FaultTargetProps {
  readonly draft: FaultDraft;
  readonly onChange: (part: Partial<FaultDraft>) => void;
}

/** Asks for the requests that a fault applies to. */
function FaultTarget({ draft, onChange }: FaultTargetProps): ReactElement {
  const rpcs = useQuery(rpcsQuery);
  return (
    <fieldset>
      <legend>Applies to</legend>
      <div className="filters">
        <SelectField
          label="Requests"
          value={draft.target}
          options={[
            ["rpc", "Calls of RPCs"],
            ["path", "Other requests, such as tokens"],
          ]}
          onChange={(target) => onChange({ target: target as FaultDraft["target"] })}
        />
        {draft.target === "rpc" ? (
          <InputField
            key="rpc"
            label="RPC"
            placeholder="Every RPC"
            value={draft.rpc}
            suggestions={rpcs.data ?? []}
            onChange={(rpc) => onChange({ rpc })}
          />
        ) : (
          <InputField
            key="path"
            label="Path"
            placeholder="/oauth/v2/token"
            isRequired
            value={draft.path}
            onChange={(path) => onChange({ path })}
          />
        )}
        {draft.target === "rpc" && (
          <SelectField
            label="Protocol"
            value={draft.protocol}
            options={[
              ["", "All"],
              ["grpc", "gRPC"],
              ["grpc-web", "gRPC-web"],
              ["json", "JSON"],
            ]}
            onChange={(protocol) => onChange({ protocol })}
          />
        )}
        <InputField
          label="Number of calls"
          type="number"
          min={1}
          placeholder="No limit"
          value={draft.times}
          onChange={(times) => onChange({ times })}
        />
        <InputField
          label="Share of calls in percent"
          type="number"
          min={0}
          max={100}
          placeholder="100"
          value={draft.percent}
          onChange={(percent) => onChange({ percent })}
        />
      </div>
    </fieldset>
  );
}
