import type { JsonObject } from "@bufbuild/protobuf";

/**
 * The initial state of an emulator. Every part is optional.
 *
 * @example
 * ```ts
 * const seed: EmulatorSeed = {
 *   organizations: [{ id: "1", name: "Acme" }],
 *   serviceUsers: [{ name: "ci", organization: "Acme", token: "t", organizationRoles: { Acme: ["ORG_OWNER"] } }],
 * };
 * ```
 */
export interface EmulatorSeed {
  /**
   * The instance. Calls must use its `domain` as their host name; default: `"localhost"`.
   *
   * @example
   * ```ts
   * const seed: EmulatorSeed = { instance: { domain: "acme.zitadel.cloud" } };
   * ```
   */
  instance?:
    | {
        id?: string | undefined;
        domain?: string | undefined;
        /** The language of error texts for calls that ask for no supported language. Default: `"en"`. */
        defaultLanguage?: string | undefined;
        /**
         * True to send requests to loopback, private and link-local addresses too, as a server without `HTTPClient.DenyList` does:
         * for SAML metadata, and to the providers of sign-ins. Default: false.
         */
        allowPrivateUrls?: boolean | undefined;
      }
    | undefined;
  /**
   * The organizations. The first one is the default organization of the instance. Default: one named `"ZITADEL"`.
   *
   * @example
   * ```ts
   * const seed: EmulatorSeed = { organizations: [{ name: "Acme" }, { name: "Old", state: "removed" }] };
   * ```
   */
  organizations?:
    | {
        id?: string | undefined;
        name: string;
        /**
         * The state. Default: `"active"`.
         *
         * `"inactive"`: only the state in reads of organizations differs. `"removed"`: lists do not contain the organization, and its
         * service users, their tokens and the roles on it no longer exist. Calls may still name it in `x-zitadel-orgid`. The seed must
         * not list humans or providers of a removed organization.
         */
        state?: "active" | "inactive" | "removed" | undefined;
      }[]
    | undefined;
  /**
   * The service users, which make the calls. Default: one with the role IAM_OWNER and a random token.
   *
   * @example
   * ```ts
   * const seed: EmulatorSeed = {
   *   organizations: [{ name: "Acme" }],
   *   serviceUsers: [{ name: "reader", organization: "Acme", token: "t", instanceRoles: ["IAM_OWNER_VIEWER"] }],
   * };
   * ```
   */
  serviceUsers?:
    | {
        id?: string | undefined;
        name: string;
        /** The organization that owns the user, by id or name. */
        organization: string;
        /**
         * The state. Default: `"active"`.
         *
         * The tokens of an inactive user are invalid, and the token endpoint issues no tokens to it.
         */
        state?: "active" | "inactive" | undefined;
        /** The personal access token. Calls can use it at once. */
        token?: string | undefined;
        /** The client secret for the client credentials grant. The client id is the user's name. */
        clientSecret?: string | undefined;
        /**
         * The public halves of the keys for the JWT profile grant: RSA keys in PEM ("BEGIN PUBLIC KEY" or "BEGIN RSA PUBLIC KEY").
         * The id is the `keyId` of ZITADEL's key file.
         */
        keys?: { id: string; publicKey: string }[] | undefined;
        /** The roles on the instance: IAM_OWNER, IAM_OWNER_VIEWER, ... */
        instanceRoles?: string[] | undefined;
        /** The roles by organization (id or name): ORG_OWNER, ... */
        organizationRoles?: Record<string, string[]> | undefined;
      }[]
    | undefined;
  /**
   * The human users, with the accounts at providers that they have linked.
   *
   * @example
   * ```ts
   * const seed: EmulatorSeed = {
   *   organizations: [{ name: "Acme" }],
   *   humans: [{ name: "ada", organization: "Acme", links: [{ idp: "7", userId: "ada-1", userName: "ada" }] }],
   * };
   * ```
   */
  humans?: HumanSeed[] | undefined;
  /**
   * The providers. Each is created by its Add RPC, with the request in its JSON form.
   *
   * @example
   * ```ts
   * const request = { clientId: "client", clientSecret: "secret" };
   * const seed: EmulatorSeed = { providers: [{ id: "7", owner: "instance", rpc: "AddGoogleProvider", request }] };
   * ```
   */
  providers?:
    | {
        id?: string | undefined;
        /** The owner: `"instance"`, or an organization by id or name. */
        owner: string;
        /** The name of the RPC, e.g. `"AddGenericOIDCProvider"`. */
        rpc: string;
        request: JsonObject;
      }[]
    | undefined;
}

/** A human user of a seed, with the accounts at providers that the user has linked. */
export interface HumanSeed {
  id?: string | undefined;
  name: string;
  /** The organization that owns the user, by id or name. */
  organization: string;
  /** The linked accounts: the id of the provider, and the id and name of the user at the provider. */
  links?: { idp: string; userId: string; userName: string }[] | undefined;
}

/** An organization of a seed. */
export type OrganizationSeed = NonNullable<EmulatorSeed["organizations"]>[number];

/** A service user of a seed. */
export type ServiceUserSeed = NonNullable<EmulatorSeed["serviceUsers"]>[number];

/** A provider of a seed. */
export type ProviderSeed = NonNullable<EmulatorSeed["providers"]>[number];
