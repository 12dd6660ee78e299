/** The facts about the instance that checks need. */
export interface InstanceInfo {
  /** The version of the server, e.g. `4.10.1`. Undefined if it could not be read. */
  readonly version: string | undefined;
  /** The origins of the domains of the instance, e.g. `https://acme.example`, the primary one first. Empty if unknown. */
  readonly origins: readonly string[];
  /** The origins of the domains that ZITADEL generated for a new instance, without the primary one. */
  readonly generatedOrigins: readonly string[];
}
