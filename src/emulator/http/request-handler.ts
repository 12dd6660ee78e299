import type { RequestOutcome } from "../wire/broken-connection.js";
import type { WireRequest } from "../wire/http-message.js";

/** A function that returns the outcome of a request. It never rejects. `signal` aborts when the client disconnects. */
export type RequestHandler = (request: WireRequest, signal: AbortSignal) => Promise<RequestOutcome>;
