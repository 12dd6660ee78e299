import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useId, useState } from "react";
import { ErrorMessage } from "../../../examples/console/src/parts/error-message.js";
import { SelectField } from "../../../examples/console/src/parts/select-field.js";
import { logQuery, type RequestEntry } from "../control/control-queries.js";
import { useControl } from "../control/use-control.js";
import { RequestDialog } from "./request-dialog.js";
import { filterRequests } from "./request-filter.js";
import { formatResult } from "./request-result.js";
import { RequestRow } from "./request-row.js";

/** The number of requests that the list shows at first, because a thousand rows would make each change slow. */
const pageSize = 100;

/** Shows the request log while it grows, newest first. */
export function RequestsView(): ReactElement {
  const log = useQuery(logQuery);
  const { send, error } = useControl();
  const [paused, setPaused] = useState<readonly RequestEntry[]>();
  const [filter, setFilter] = useState({ text: "", result: "" });
  const [limit, setLimit] = useState(pageSize);
  const [opened, setOpened] = useState<RequestEntry>();
  const id = useId();
  const requests = paused ?? log.data ?? [];
  const found = filterRequests(requests, filter);
  const results = [...new Set(requests.map(formatResult))].toSorted();

  return (
    <section aria-labelledby="requests-heading">
      <header className="section-header">
        <h2 id="requests-heading">Requests</h2>
        <div className="actions">
          <button
            type="button"
            aria-pressed={paused !== undefined}
            onClick={() => setPaused(paused === undefined ? log.data : undefined)}
          >
            Pause
          </button>
          <button type="button" onClick={() => send({ method: "DELETE", path: "log" })}>
            Clear
          </button>
        </div>
      </header>
      <search className="filters">
        <div className="field">
          <label htmlFor={id}>RPC or path</label>
          <input
            id={id}
            type="search"
            placeholder="ListProviders"
            value={filter.text}
            onChange={(event) => setFilter({ ...filter, text: event.target.value })}
          />
        </div>
        <SelectField
          label="Status"
          value={filter.result}
          options={[
            ["", "All"],
            ["succeeded", "Succeeded"],
            ["failed", "Failed"],
            ...results.map((result) => [result, result] as const),
          ]}
          onChange={(result) => setFilter({ ...filter, result })}
        />
      </search>
      <ErrorMessage error={log.error ?? error} />
      {log.isSuccess && requests.length === 0 && <NoRequests />}
      {requests.length > 0 && (
        <p className="help">
          {found.length} of {requests.length} requests, newest first
          {paused !== undefined && ", paused"}
        </p>
      )}
      <ol className="requests">
        {found.slice(0, limit).map((request) => (
          <RequestRow key={request.id} request={request} onOpen={() => setOpened(request)} />
        ))}
      </ol>
      {found.length > limit && (
        <button type="button" onClick={() => setLimit(limit + pageSize)}>
          Show more
        </button>
      )}
      {opened && <RequestDialog request={opened} onClose={() => setOpened(undefined)} />}
    </section>
  );
}

function NoRequests(): ReactElement {
  return (
    <div className="help">
      <p>
        No client has sent a request yet. Give a client the URL and the token that the emulator
        printed at its start:
      </p>
      <pre
        tabIndex={0}
      >{`ZITADEL_URL=${location.origin.replace("127.0.0.1", "localhost")} ZITADEL_TOKEN=… npx zitadel-idp list`}</pre>
    </div>
  );
}
