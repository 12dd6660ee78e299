import { createIssuedTokens, type IssuedTokens } from "./issued-tokens.js";
import type { ServiceUser } from "./service-user.js";

/** An RSA public key in JWK form: numbers in base64url without leading zeros. */
export interface RsaPublicKey {
  readonly kty: "RSA";
  readonly n: string;
  readonly e: string;
}

/** A service user and its credentials for the token endpoint. */
export interface Account {
  readonly user: ServiceUser;
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

/** Creates the accounts of an emulator without service users. */
export function createAccounts(): Accounts {
  return {
    byId: new Map(),
    byName: new Map(),
    removedOrganizations: new Set(),
    issued: createIssuedTokens(),
  };
}

/** Returns the account with an id, or `undefined` if there is none or its organization was removed. */
export function findAccountById(accounts: Accounts, id: string): Account | undefined {
  return hideRemoved(accounts, accounts.byId.get(id));
}

/** Returns the account with a name, or `undefined` if there is none or its organization was removed. */
export function findAccountByName(accounts: Accounts, name: string): Account | undefined {
  return hideRemoved(accounts, accounts.byName.get(name));
}

/**
 * Returns true if the tokens of a user are valid. The deactivation of the user and the removal of its organization revoke them.
 */
export function hasValidTokens(
  { removedOrganizations }: Accounts,
  { isInactive, organization }: ServiceUser,
): boolean {
  return !isInactive && !removedOrganizations.has(organization);
}

/** Returns undefined for an account of a removed organization. */
function hideRemoved(accounts: Accounts, account: Account | undefined): Account | undefined {
  return account !== undefined && !accounts.removedOrganizations.has(account.user.organization)
    ? account
    : undefined;
}
