import type { User } from "../state.js";
import { createIssuedTokens, type IssuedTokens } from "./issued-tokens.js";
import type { RsaPublicKey } from "./rsa-public-key.js";

/** A service user, and what it can get tokens with. */
export interface Account {
  readonly user: User;
  readonly clientSecret: string | undefined;
  /** Public keys by id. */
  readonly keys: ReadonlyMap<string, RsaPublicKey>;
}

/** All service users, and the tokens that they got. */
export interface Accounts {
  readonly byId: Map<string, Account>;
  /** By the name, which is the client id too. */
  readonly byName: Map<string, Account>;
  /** Ids of organizations that are gone, and their users with them. */
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

/** The account, unless it went with its organization. */
export function present(accounts: Accounts, account: Account | undefined): Account | undefined {
  return account !== undefined && !accounts.removedOrganizations.has(account.user.organization)
    ? account
    : undefined;
}
