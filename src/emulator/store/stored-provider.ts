import type { Provider, ProviderConfig, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import type { LoginPolicy } from "../../../gen/zitadel/policy_pb.js";
import type { HistoryEvent } from "./history.js";
import type { ProviderWriteModel } from "./provider-write-model.js";

/** A provider as reads of the provider API return it, with the data that only the write side keeps. */
export interface StoredProvider {
  readonly view: Provider;
  /**
   * The write models by the type whose updates use them. A provider has the one of its type. A legacy IDP has those of Generic
   * OIDC and JWT, regardless of its kind; a migration replaces the one of Generic OIDC by that of the new type.
   */
  readonly writeModels: Map<ProviderType, ProviderWriteModel>;
  /** The values of the add. Some comparisons of the server ignore all later changes. */
  added: AddedProvider;
  /** True if a request ever set the SAML name id format. The server distinguishes the default from a set value. */
  isNameIdFormatSet?: boolean;
  /** Returns the certificate of a SAML provider. Its key pair is created on the first call. */
  certificate?: () => Promise<string>;
}

/** The values of a provider at the time of its add. */
interface AddedProvider {
  readonly name: string;
  readonly config: ProviderConfig;
  readonly event: HistoryEvent;
}

/** A login policy. Its links are separate, because the write side keeps the links of deleted providers. */
export interface StoredLoginPolicy {
  readonly view: LoginPolicy;
  /** The ids of the linked providers, in the order of linking. */
  readonly links: Set<string>;
}
