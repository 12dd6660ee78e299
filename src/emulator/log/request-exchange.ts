import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { HeaderList, WireResponse } from "../wire/http-message.js";

/** The headers and the response of a request. They contain secrets, and must be redacted before anything shows them. */
export interface RequestExchange {
  /** The request headers. */
  readonly headers: HeaderList;
  /** The response. Absent if the connection broke without one. */
  readonly response: WireResponse | undefined;
  /** The RPC. Absent for requests that are not calls of an RPC. */
  readonly method: DescMethodUnary | undefined;
}
