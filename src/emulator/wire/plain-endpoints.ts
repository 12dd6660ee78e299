import type { WireResponse } from "./http-message.js";
import { createPlainTextResponse } from "./plain-text-response.js";

/** The constant responses of endpoints besides the RPCs, by method and path. */
export const plainEndpoints: Readonly<Record<string, WireResponse>> = {
  "GET /debug/healthz": createPlainTextResponse(200, "ok"),
  "GET /debug/ready": {
    status: 200,
    headers: [["content-type", "application/json"]],
    body: new TextEncoder().encode('"ok"'),
  },
  "GET /": {
    status: 302,
    headers: [
      ["location", "/ui/login"],
      ["content-type", "text/html; charset=utf-8"],
    ],
    body: new TextEncoder().encode('<a href="/ui/login">Found</a>.\n\n'),
  },
};
