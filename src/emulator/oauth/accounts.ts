import type { User } from "../state.js";
import { createIssuedTokens, type IssuedTokens } from "./issued-tokens.js";
import type { RsaPublicKey } from "./rsa-public-key.js";

/** A service user and its credentials for the token endpoint. */
export interface Account {
  readonly user: User;
  readonly clientSecret: string | undefined;
  /** The public keys by id. */
  readonly keys: ReadonlyMap<string, RsaPublicKey>;
}

/** All service users, and the tokens that they got from the token endpoint. */
export interface Accounts {
  readonly byId: Map<string, Account>;
  /** The accounts by name, which is also the client id. */
  readonly byName: Map<string, Account>;
  /** The ids of removed organizations, whose users are gone too. */
  readonly removedOrganizations: Set<string>;
  readonly issued: IssuedTokens;
}

export function createAccounts(): Accounts {
  return {
    byId: new Map(),
    byName: new Map(),
    removedOrganizations: new Set(),
    issued: createIssuedTokens(),
  };
}

/** Returns the account, or `undefined` if its organization was removed. */
export function present(accounts: Accounts, account: Account | undefined): Account | undefined {
  return account !== undefined && !accounts.removedOrganizations.has(account.user.organization)
    ? account
    : undefined;
}
