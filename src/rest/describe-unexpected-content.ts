import type { Message } from "../utils/message.js";
import { phrase } from "../zitadel/option-phrases.js";
import { type OptionText, optionText } from "../utils/option-text.js";

const causes: readonly (readonly [contentType: RegExp, cause: Message])[] = [
  [
    /^text\/html/i,
    optionText`a web page came back, so check that ${phrase.baseUrl} is the address of the API, and check the proxy or login page in front of it`,
  ],
  [
    /^application\/grpc/i,
    optionText`the response is gRPC, so check that ${phrase.baseUrl} does not lead to a server or port for gRPC only`,
  ],
];

/** Describes a response that is not JSON, and its most likely cause. */
export function describeUnexpectedContent(status: number, contentType: string): OptionText {
  const [type = ""] = contentType.split(";");
  const cause =
    causes.find(([pattern]) => pattern.test(contentType))?.[1] ??
    optionText`check that ${phrase.baseUrl} is the address of the API, and check the proxy in front of it`;
  return optionText`the server answered HTTP ${String(status)} with ${type.trim() || "no content type"} instead of JSON: ${cause}`;
}
