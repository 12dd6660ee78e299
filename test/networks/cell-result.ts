import type { Protocol } from "zitadel-idp";

/** The wire protocols, in the order of the table. */
export const wires: readonly Protocol[] = ["grpc", "grpc-web", "json"];

/** The kinds of tokens: a fixed token, and the tokens for a service account key and for a client secret. */
export const tokenKinds = ["token", "key", "secret"] as const;

export type TokenKind = (typeof tokenKinds)[number];

/** The result of the calls over one wire protocol with one kind of token. */
export interface CellResult {
  readonly wire: Protocol;
  readonly token: TokenKind;
  /** The error of the calls; undefined if they succeeded. */
  readonly problem?: string;
}
