/** A human user, reduced to the accounts at providers. */
export interface HumanUser {
  readonly id: string;
  /** The user name. */
  readonly name: string;
  readonly organization: string;
  sequence: bigint;
  readonly links: HumanLink[];
}

/** An account at a provider that a human user has linked. */
interface HumanLink {
  readonly idpId: string;
  /** The user's id at the provider. */
  readonly userId: string;
  /** The user's name at the provider. */
  readonly userName: string;
}
