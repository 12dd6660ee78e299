import type { IDP, JWTConfig, OIDCConfig } from "../../../gen/zitadel/idp_pb.js";

/** A legacy IDP as reads of the legacy API return it, with the configs that only the write side keeps. */
export interface StoredLegacyIdp {
  readonly view: IDP;
  /** The configs with which updates compare a request. */
  readonly configs: LegacyConfigs;
}

/**
 * The configs of a legacy IDP by kind. The config of the IDP's own kind is that of the view.
 *
 * The config of the other kind exists, empty, from the first deactivation on, because the server's write model takes any change of the
 * state for a sign that the config exists. Reads never return this config.
 */
interface LegacyConfigs {
  oidcConfig?: OIDCConfig;
  jwtConfig?: JWTConfig;
}
