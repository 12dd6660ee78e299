import type { RestResponse } from "../../rest/response.js";
import { LazyHeaders } from "../lazy-headers.js";
import { type ReceivedHeaders, fromNodeHeaders } from "./node-headers.js";

/** An HTTP response that was received by `node:http`, `node:http2` or undici. Its headers are converted on first access. */
export class NodeResponse implements RestResponse {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly #headers: LazyHeaders;

  constructor(status: number, received: ReceivedHeaders, body: Uint8Array<ArrayBuffer>) {
    this.status = status;
    this.body = body;
    this.contentType = String(received["content-type"] ?? "");
    this.#headers = new LazyHeaders(() => fromNodeHeaders(received));
  }

  get headers(): Headers {
    return this.#headers.value;
  }
}
