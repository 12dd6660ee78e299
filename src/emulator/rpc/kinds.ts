import { ProviderType, type ProviderConfig } from "../../../gen/zitadel/idp_pb.js";
import { certificateIn } from "../pem.js";
import { type Ids, ids } from "./context.js";

type ConfigCase = NonNullable<ProviderConfig["config"]["case"]>;

/** A string that must not be blank, and the id of the error if it is. */
type NotBlank = readonly [field: string, ids: Ids];

/** A check beyond blank strings: says the id of the error if the config is wrong. */
type Check = (config: ProviderConfig["config"]) => string | undefined;

/** What tells one type of provider from another. The RPCs are `Add<rpc>Provider` and `Update<rpc>Provider`. */
export interface Kind {
  readonly rpc: string;
  readonly type: ProviderType;
  readonly config: ConfigCase;
  /** The request field with the secret, which is never stored. */
  readonly secret?: string;
  /** In the order in which the server looks at them. */
  readonly add: readonly NotBlank[];
  readonly update: readonly NotBlank[];
  /** The id of the error of an update that finds no provider of this type. */
  readonly missing: Ids;
  readonly check?: Check;
}

/** The template types of the provider API that are emulated. Field names are those of the proto. */
export const kinds: readonly Kind[] = [
  {
    rpc: "GenericOAuth",
    type: ProviderType.OAUTH,
    config: "oauth",
    secret: "client_secret",
    add: [
      ["name", ids("D32ef")],
      ["client_id", ids("Dbgzf")],
      ["client_secret", ids("DF4ga")],
      ["authorization_endpoint", ids("B23bs")],
      ["token_endpoint", ids("D2gj8")],
      ["user_endpoint", ids("Fb8jk")],
      ["id_attribute", ids("sdf3f", "sadf3d")],
    ],
    update: [
      ["id", ids("SAffg", "asfsa")],
      ["name", ids("Sf3gh", "D32ef")],
      ["client_id", ids("SHJ3ui", "Dbgzf")],
      ["authorization_endpoint", ids("SVrgh", "B23bs")],
      ["token_endpoint", ids("DJKeio", "D2gj8")],
      ["user_endpoint", ids("ILSJi", "Fb8jk")],
      ["id_attribute", ids("JKD3h", "SAe4gh")],
    ],
    missing: ids("D3r1s", "JNsd3"),
  },
  {
    rpc: "GenericOIDC",
    type: ProviderType.OIDC,
    config: "oidc",
    secret: "client_secret",
    add: [
      ["name", ids("Sgtj5")],
      ["issuer", ids("Hz6zj")],
      ["client_id", ids("fb5jm")],
      ["client_secret", ids("Sfdf4")],
    ],
    update: [
      ["id", ids("SAfd3")],
      ["name", ids("Dvf4f")],
      ["issuer", ids("BDfr3")],
      ["client_id", ids("Db3bs")],
    ],
    missing: ids("Dg331"),
  },
  {
    rpc: "JWT",
    type: ProviderType.JWT,
    config: "jwt",
    add: [
      ["name", ids("JLKef")],
      ["issuer", ids("WNJK3")],
      ["jwt_endpoint", ids("NJKSD")],
      ["keys_endpoint", ids("NJKE3")],
      ["header_name", ids("2rlks")],
    ],
    update: [
      ["id", ids("HUe3q")],
      ["name", ids("JKLS2")],
      ["issuer", ids("JKs3f")],
      ["jwt_endpoint", ids("NJKS2")],
      ["keys_endpoint", ids("SJk2d")],
      ["header_name", ids("SJK2f")],
    ],
    missing: ids("Bhju5"),
  },
  {
    rpc: "LDAP",
    type: ProviderType.LDAP,
    config: "ldap",
    secret: "bind_password",
    add: [
      ["name", ids("SAfdd")],
      ["base_dn", ids("sv31s")],
      ["bind_dn", ids("sdgf4")],
      ["bind_password", ids("AEG2w")],
      ["user_base", ids("SAD5n")],
    ],
    update: [
      ["id", ids("Dgdbs")],
      ["name", ids("Sffgd")],
      ["base_dn", ids("vb3ss")],
      ["bind_dn", ids("hbere")],
      ["user_base", ids("DG45z")],
    ],
    missing: ids("ASF3F"),
    // The same id on both levels.
    check: (config) =>
      config.case === "ldap" &&
      config.value.rootCa.length > 0 &&
      !certificateIn(config.value.rootCa)
        ? "INST-cwqVVdBwKt"
        : undefined,
  },
];
