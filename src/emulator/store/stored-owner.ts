import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { IDPOwnerType, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import type { MultiFactorType, SecondFactorType } from "../../../gen/zitadel/policy_pb.js";
import type { HistoryEvent } from "./record-events.js";
import type { ProviderWriteModel } from "./provider-write-model.js";
import type { StoredLegacyIdp } from "./stored-legacy-idp.js";
import type { StoredLoginPolicy, StoredProvider } from "./stored-provider.js";

/** An owner of providers: an organization, or the instance itself. All writes of an owner share one sequence. */
export interface StoredOwner {
  readonly id: string;
  readonly type: IDPOwnerType;
  readonly name: string;
  /** True for a deactivated organization. */
  readonly isInactive: boolean;
  /** The event that created the owner. */
  readonly created: HistoryEvent;
  sequence: bigint;
  /** The time of the last event. */
  changedAt: Timestamp;
  readonly providers: Map<string, StoredProvider>;
  /**
   * The write models of each provider, by the type whose updates use them. A provider has one for its type. A legacy IDP of either kind
   * has one for Generic OIDC and one for JWT. A migration replaces the one for Generic OIDC by one for the new type.
   */
  readonly writeModels: Map<string, Map<ProviderType, ProviderWriteModel>>;
  /** The ids of all removed providers and legacy IDPs. A sign-in with such an id gets another error than with an unknown id. */
  readonly removedProviders: Set<string>;
  /** The IDPs of the legacy API. Each also has a view in `providers`, under the same id. */
  readonly legacy: Map<string, StoredLegacyIdp>;
  /** The names that legacy IDPs use, in lower case. A name can outlive its IDP: DeleteProvider does not free it. */
  readonly legacyNames: Map<string, string>;
  /** The login policy. The instance always has the default login policy; an organization may have its own. */
  loginPolicy: StoredLoginPolicy | undefined;
  /**
   * The factors of the login policy that the write side knows. An organization without a login policy may have some, and a new
   * login policy does not show them.
   */
  readonly factors: StoredFactors;
}

/** The factors of a login policy. */
interface StoredFactors {
  readonly second: Set<SecondFactorType>;
  readonly multi: Set<MultiFactorType>;
}

/** The properties of an owner that its creation sets. */
type NewOwner = Pick<StoredOwner, "id" | "type" | "name"> & { readonly isInactive?: boolean };

/** Creates an owner without providers and without a login policy. Creating an organization takes 4 events. */
export function createOwner(owner: NewOwner, createdAt: Timestamp): StoredOwner {
  return {
    isInactive: false,
    ...owner,
    created: { sequence: 4n, at: createdAt },
    sequence: 4n,
    changedAt: createdAt,
    providers: new Map(),
    writeModels: new Map(),
    removedProviders: new Set(),
    legacy: new Map(),
    legacyNames: new Map(),
    loginPolicy: undefined,
    factors: { second: new Set(), multi: new Set() },
  };
}
