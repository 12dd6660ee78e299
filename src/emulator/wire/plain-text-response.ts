import type { WireResponse } from "./http-message.js";

/** Creates a response in plain text. */
export function createPlainTextResponse(status: number, text: string): WireResponse {
  return {
    status,
    headers: [["content-type", "text/plain; charset=utf-8"]],
    body: new TextEncoder().encode(text),
  };
}
