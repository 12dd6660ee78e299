import type { Message } from "../utils/message.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import type { Code } from "@connectrpc/connect";
import type { AttemptFacts } from "../call/attempt-facts.js";
import type { MisroutingReason } from "../call/misrouting-reason.js";
import type { Protocol } from "../call/protocol.js";
import type { TokenFacts } from "./describe-token.js";

/** The facts about an attempt that the rules read as they are. */
type HintAttemptFacts = Pick<
  AttemptFacts,
  "closedBeforeSettings" | "forwardProxy" | "http2ErrorCode" | "isConnectTimeout" | "misrouting"
>;

/** The facts that the rules read. */
export interface HintFacts extends HintAttemptFacts {
  /** The text of the server. A rule must not look for a text of this package, whose errors carry facts instead. */
  readonly text: string;
  readonly code: Code;
  /** ZITADEL's id of the error. */
  readonly id: string | undefined;
  readonly protocol: Protocol | undefined;
  /** The HTTP status of the response, or the more specific status that its page stands for. */
  readonly status: number | undefined;
  /** True for a response of the API itself. */
  readonly isFromZitadel: boolean;
  /** The media type of the response; empty if the response has none, or if there is no response. */
  readonly type: string;
  readonly location: URL | undefined;
  /** The base URL of the API, or the URL of a request for a token that went to another server. */
  readonly url: URL | undefined;
  /** True if the request was for a token, and went to another server than the API. */
  readonly isOtherIssuer: boolean;
  /** The host name of the instance that the request named instead of the host of its URL. */
  readonly instanceHost: string | undefined;
  /** The error codes of Node.js in the chain of causes. */
  readonly codes: readonly string[];
  /** The messages of the causes. */
  readonly causes: readonly string[];
  readonly headers: readonly string[];
  /** The pause that `Retry-After` asks for. */
  readonly retryAfterMs: number | undefined;
  readonly rpc: string | undefined;
  readonly token: TokenFacts | undefined;
  readonly orgId: string | undefined;
}

/** A rule for one kind of failure: its test and its hint. */
export interface HintRule {
  /** The misrouting reason. Undefined if the request reached ZITADEL, or a proxy that reports why ZITADEL did not answer. */
  readonly reason?: MisroutingReason | undefined;
  readonly when: (facts: HintFacts) => boolean;
  readonly hint: (facts: HintFacts) => Message;
}

/** Returns the host of a URL as hints name it. */
export function describeHost(url: URL | undefined): string {
  return url?.host ?? "this address";
}

/** Returns the hint for a port that accepts TLS only. */
export function createTlsOnlyHint({ url }: Pick<HintFacts, "url">): Message {
  return optionText`${describeHost(url)} accepts TLS only: use https: instead of http: in ${phrase.baseUrl}`;
}
