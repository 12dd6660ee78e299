import type { RestResponse } from "../../rest/response.js";
import { toHeaders } from "./node-headers.js";

/** The headers of a response as undici gives them. */
export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A response that creates its headers on first access. */
export class UndiciResponse implements RestResponse {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  #received: ReceivedHeaders;
  #headers: Headers | undefined;

  constructor(status: number, received: ReceivedHeaders, body: Uint8Array<ArrayBuffer>) {
    this.status = status;
    this.body = body;
    this.contentType = String(received["content-type"] ?? "");
    this.#received = received;
  }

  get headers(): Headers {
    return (this.#headers ??= toHeaders(this.#received));
  }
}
