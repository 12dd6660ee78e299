/** A client of others that ran against the emulator by hand, because `npm run test:peers` cannot install it. */
interface CheckedByHand {
  readonly name: string;
  readonly version: string;
  /** The day of the run. */
  readonly date: string;
  /** The checked properties, for the table. */
  readonly checks: string;
}

/** The clients that ran by hand. The Go module proxy does not have zitadel-go, on which Terraform's provider also rests. */
export const checkedByHand: readonly CheckedByHand[] = [
  {
    name: "Terraform's provider for ZITADEL, with OpenTofu",
    version: "3.3.0 with 1.11.14",
    date: "2026-11-26",
    checks:
      "23 resources of providers and 2 of login policies: apply, plan, change, import, destroy",
  },
  {
    name: "zitadel-go",
    version: "3.26.1",
    date: "2026-11-26",
    checks:
      "tokens of three kinds, calls of three services, discovery, userinfo, keys of id_tokens, reflected descriptors",
  },
];
