import type { Protocol } from "zitadel-idp";
import { tokenKinds, type TokenKind } from "./cell-result.js";

/** Cells that cannot succeed, with the error that users get. All other cells of the table must succeed. */
export interface ImpossibleCells {
  /** The id of the network. */
  readonly network: string;
  readonly wire: Protocol;
  readonly tokens: readonly TokenKind[];
  /** The message of the error, with PORT in place of ports. */
  readonly message: string;
  /** The reason and the way out, as one sentence or two. */
  readonly reason: string;
}

export const impossibleCells: readonly ImpossibleCells[] = [
  {
    network: "proxy-pass",
    wire: "grpc",
    tokens: tokenKinds,
    message:
      "[unimplemented] the server answered HTTP 404 with application/json, which is not a response from ZITADEL — a proxy in between forwards " +
      "gRPC as HTTP/1, but gRPC needs HTTP/2 on the whole path: configure it for gRPC (h2c, in nginx grpc_pass), or use " +
      'protocol: "grpc-web" or "json"',
    reason:
      '`proxy_pass` of nginx talks HTTP/1 to the server, and gRPC needs HTTP/2. Use `grpc_pass`, or `protocol: "grpc-web"`.',
  },
];
