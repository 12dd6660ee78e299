import type { IDPOwnerType, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import type { ProviderWriteModel } from "./provider-write-model.js";
import type { StoredLegacyIdp } from "./stored-legacy-idp.js";
import type { StoredLoginPolicy, StoredProvider } from "./stored-provider.js";

/** An owner of providers: an organization, or the instance itself. All writes of an owner share one sequence. */
export interface StoredOwner {
  readonly id: string;
  readonly type: IDPOwnerType;
  readonly name: string;
  sequence: bigint;
  readonly providers: Map<string, StoredProvider>;
  /**
   * The write models of each provider, by the type whose updates use them. A provider has the one of its type. A legacy IDP has
   * those of Generic OIDC and JWT, regardless of its kind; a migration replaces the one of Generic OIDC by that of the new type.
   */
  readonly writeModels: Map<string, Map<ProviderType, ProviderWriteModel>>;
  /** The IDPs of the legacy API. Each also has a view in `providers`, under the same id. */
  readonly legacy: Map<string, StoredLegacyIdp>;
  /** The names that legacy IDPs use, in lower case. A name can outlive its IDP: DeleteProvider does not free it. */
  readonly legacyNames: Map<string, string>;
  /** The login policy. The instance always has one, the default; an organization may have its own. */
  loginPolicy: StoredLoginPolicy | undefined;
}

/** Creates an owner without providers and without a login policy. */
export function createOwner(id: string, type: IDPOwnerType, name: string): StoredOwner {
  return {
    id,
    type,
    name,
    // Creating an organization takes this many events.
    sequence: 4n,
    providers: new Map(),
    writeModels: new Map(),
    legacy: new Map(),
    legacyNames: new Map(),
    loginPolicy: undefined,
  };
}
