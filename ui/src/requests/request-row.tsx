import type { ReactElement } from "react";
import type { RequestEntry } from "../control/control-queries.js";
import { isFailed, formatRequestName, formatResult, formatRequestTime } from "./request-result.js";

/** Properties of `RequestRow`. */
export interface RequestRowProps {
  readonly request: RequestEntry;
  readonly onOpen: () => void;
}

/** Shows one request in a row. A click on its name opens it. */
export function RequestRow({ request, onOpen }: RequestRowProps): ReactElement {
  const { at, protocol, ms, fault } = request;
  return (
    <li className="request">
      <time dateTime={at}>{formatRequestTime(request)}</time>
      <button type="button" className="link" onClick={onOpen}>
        {formatRequestName(request)}
      </button>
      <span className="help">{protocol}</span>
      <span className={isFailed(request) ? "result failed" : "result"}>
        {formatResult(request)}
        {fault !== undefined && <span className="badge">fault: {fault}</span>}
      </span>
      <span className="help">{ms} ms</span>
    </li>
  );
}
