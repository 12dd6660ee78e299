import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { ErrorMessage } from "../../../examples/console/src/parts/error-message.js";
import { Modal } from "../../../examples/console/src/parts/modal.js";
import { type RequestEntry, requestQuery } from "../control/control-queries.js";
import { HeaderTable } from "./header-table.js";
import { formatRequestName, formatResult, formatRequestTime } from "./request-result.js";

/** Properties of `RequestDialog`. */
export interface RequestDialogProps {
  readonly request: RequestEntry;
  readonly onClose: () => void;
}

/** Shows a request with its headers and bodies, in which the emulator has redacted all secrets. */
export function RequestDialog({ request, onClose }: RequestDialogProps): ReactElement {
  const { data, error } = useQuery(requestQuery(request.id));
  const { httpMethod, path, httpVersion, protocol, status, user, orgId, errorId, fault } = request;
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    ["Time", formatRequestTime(request)],
    ["Request", `${httpMethod} ${path}`],
    ["Protocol", `${protocol}, HTTP/${httpVersion}`],
    ["User", user],
    ["Organization", orgId],
    ["HTTP status", status],
    ["Result", formatResult(request)],
    ["Error id", errorId],
    ["Fault", fault],
    ["Duration", `${request.ms} ms`],
  ];
  return (
    <Modal title={formatRequestName(request)} onClose={onClose}>
      <div className="dialog-body">
        <dl className="facts">
          {facts.map(
            ([name, value]) =>
              value !== undefined && (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ),
          )}
        </dl>
        <ErrorMessage error={error} />
        <JsonBody title="Request body" value={request.request} />
        <JsonBody title="Response body" value={data?.response} />
        <HeaderTable title="Request headers" headers={data?.headers} />
        <HeaderTable title="Response headers" headers={data?.responseHeaders} />
        <HeaderTable title="Response trailers" headers={data?.responseTrailers} />
        {request.rpc === undefined && (
          <p className="help">
            Bodies are shown only for calls of RPCs, because other bodies may contain tokens.
          </p>
        )}
      </div>
    </Modal>
  );
}

interface JsonBodyProps {
  readonly title: string;
  readonly value: unknown;
}

function JsonBody({ title, value }: JsonBodyProps): ReactElement | null {
  return value === undefined ? null : (
    <div>
      <h3>{title}</h3>
      <pre tabIndex={0} aria-label={title} role="region">
        {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
      </pre>
    </div>
  );
}
