/** The facts about the instance that checks need. Undefined is what could not be read. */
export interface InstanceInfo {
  /** The version of the server, e.g. `4.10.1`. */
  readonly version: string | undefined;
  /** The domains of the instance with TLS or a port, as origins, e.g. `https://acme.example`, the primary one first. Empty if unknown. */
  readonly origins: readonly string[];
  /** The origins that ZITADEL made up itself for a new instance. The primary origin is not among them. */
  readonly generatedOrigins: readonly string[];
}
