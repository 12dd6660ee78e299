import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { type ProviderConfig, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import type { Eventually } from "../eventually.js";
import type { StoredProvider } from "../state.js";
import { type Context, type Ids, ids } from "./context.js";
import { appleQuirks, azureQuirks, ldapQuirks, samlQuirks, zitadelQuirks } from "./quirks.js";

type ConfigCase = NonNullable<ProviderConfig["config"]["case"]>;

/**
 * A string field that must not be blank, the id of the error for a blank value, and the error's text if it is not the usual one.
 */
export type NotBlank = readonly [field: string, ids: Ids, key?: string];

/** An update before the comparison with the stored provider. */
export interface Update {
  readonly request: ReflectMessage;
  /** The values that the request sets. */
  readonly next: { name: string; readonly config: ProviderConfig };
  readonly stored: StoredProvider;
}

/** The differences between one provider type and the others. */
export interface Quirks {
  /** Completes the config of a request, as the server stores it. */
  complete?(config: ProviderConfig, request: ReflectMessage): void;
  /** Checks more than blank strings, before the command looks for the provider. Throws the server's error. */
  check?(config: ProviderConfig, request: ReflectMessage, context: Context): Eventually<void>;
  /** Adds the data that only the write side keeps to a provider that was added. */
  added?(stored: StoredProvider, request: ReflectMessage): void;
  /**
   * Restores the parts of `next` that an update cannot change. Returns true if the server counts the update as a change anyway.
   */
  keep?(update: Update): boolean;
  /** True if an update without a change returns the event of the add instead of the last event. */
  readonly noChangeShowsAdd?: boolean;
}

/** The properties of one provider type. Its RPCs are `Add<rpc>Provider` and `Update<rpc>Provider`. */
export interface Kind {
  readonly rpc: string;
  readonly type: ProviderType;
  readonly config: ConfigCase;
  /** The request field that contains the secret, which is never stored. */
  readonly secret?: string;
  /** The fields that must not be blank, in the order of the server's checks. */
  readonly add: readonly NotBlank[];
  readonly update: readonly NotBlank[];
  /** The id of the error for an update that finds no provider of this type. */
  readonly missing: Ids;
  /** The translation key of that error on organizations, if the server translates it there too. */
  readonly missingKey?: string;
  readonly quirks?: Quirks;
}

/** The thirteen types of the provider API. Field names are those of the proto. */
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
    rpc: "AzureAD",
    type: ProviderType.AZURE_AD,
    config: "azureAd",
    secret: "client_secret",
    add: [
      ["name", ids("sdf3g")],
      ["client_id", ids("Fhbr2")],
      ["client_secret", ids("Dzh3g")],
    ],
    update: [
      ["id", ids("SAgh2")],
      ["name", ids("fh3h1")],
      ["client_id", ids("dmitg")],
    ],
    missing: ids("BHz3q"),
    quirks: azureQuirks,
  },
  {
    rpc: "GitHub",
    type: ProviderType.GITHUB,
    config: "github",
    secret: "client_secret",
    add: [
      ["client_id", ids("Jdsgf")],
      ["client_secret", ids("dsgz3")],
    ],
    update: [
      ["id", ids("sdf4h")],
      ["client_id", ids("fdh5z")],
    ],
    missing: ids("Dr1gs"),
  },
  {
    rpc: "GitHubEnterpriseServer",
    type: ProviderType.GITHUB_ES,
    config: "githubEs",
    secret: "client_secret",
    add: [
      ["name", ids("Dg4td")],
      ["client_id", ids("dgj53")],
      ["client_secret", ids("Ghjjs")],
      ["authorization_endpoint", ids("sani2")],
      ["token_endpoint", ids("agj42")],
      ["user_endpoint", ids("sd5hn")],
    ],
    update: [
      ["id", ids("sdfh3")],
      ["name", ids("shj42")],
      ["client_id", ids("sdh73")],
      ["authorization_endpoint", ids("acx2w")],
      ["token_endpoint", ids("dgj6q")],
      ["user_endpoint", ids("ybj62")],
    ],
    missing: ids("GBr42"),
  },
  {
    rpc: "GitLab",
    type: ProviderType.GITLAB,
    config: "gitlab",
    secret: "client_secret",
    add: [
      ["client_id", ids("adsg2")],
      ["client_secret", ids("GD1j2")],
    ],
    update: [
      ["id", ids("HJK91")],
      ["client_id", ids("D12t6")],
    ],
    missing: ids("HBReq"),
  },
  {
    rpc: "GitLabSelfHosted",
    type: ProviderType.GITLAB_SELF_HOSTED,
    config: "gitlabSelfHosted",
    secret: "client_secret",
    add: [
      ["name", ids("jw4ZT")],
      ["issuer", ids("AST4S")],
      ["client_id", ids("DBZHJ")],
      ["client_secret", ids("SDGJ4")],
    ],
    update: [
      ["id", ids("SAFG4")],
      ["name", ids("DG4H")],
      ["issuer", ids("SD4eb")],
      ["client_id", ids("GHWE3")],
    ],
    missing: ids("D2tg1"),
  },
  {
    rpc: "Google",
    type: ProviderType.GOOGLE,
    config: "google",
    secret: "client_secret",
    add: [
      ["client_id", ids("D3fvs")],
      ["client_secret", ids("W2vqs")],
    ],
    update: [
      ["id", ids("S32t1")],
      ["client_id", ids("ds432")],
    ],
    missing: ids("D3r1s", "Dqrg1"),
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
    quirks: ldapQuirks,
  },
  {
    rpc: "Apple",
    type: ProviderType.APPLE,
    config: "apple",
    secret: "private_key",
    add: [
      ["client_id", ids("jkn3w"), "Errors.IDP.ClientIDMissing"],
      ["team_id", ids("Ffg32"), "Errors.IDP.TeamIDMissing"],
      ["key_id", ids("GDjm5"), "Errors.IDP.KeyIDMissing"],
    ],
    update: [
      ["id", ids("FRHBH"), "Errors.IDMissing"],
      ["client_id", ids("SFm4l"), "Errors.IDP.ClientIDMissing"],
      ["team_id", ids("SG34t"), "Errors.IDP.TeamIDMissing"],
      ["key_id", ids("Gh4z2"), "Errors.IDP.KeyIDMissing"],
    ],
    missing: ids("SG3bh"),
    missingKey: "Errors.IDPConfig.NotExisting",
    quirks: appleQuirks,
  },
  {
    rpc: "SAML",
    type: ProviderType.SAML,
    config: "saml",
    add: [["name", ids("o07zjotgnd", "957lr0f8u3")]],
    update: [
      ["id", ids("7o3rq1owpm", "wwdwdlaya0")],
      ["name", ids("q2s9rak7o9", "egixaofgyl")],
    ],
    missing: ids("D3r1s", "z82dddndql"),
    quirks: samlQuirks,
  },
  {
    rpc: "Zitadel",
    type: ProviderType.ZITADEL,
    config: "zitadel",
    secret: "client_secret",
    add: [
      ["name", ids("Sgtj5", "c3EC3W")],
      ["issuer", ids("Hz6zj", "TYAbiK")],
      ["client_id", ids("fb5jm", "feyb3A")],
      ["client_secret", ids("Sfdf4", "DxaSb9")],
    ],
    update: [
      ["id", ids("3pxLbA")],
      ["name", ids("Sgtj5", "c3EC3W")],
      ["issuer", ids("Hz6zj", "TYAbiK")],
      ["client_id", ids("fb5jm", "feyb3A")],
    ],
    missing: ids("Bg281"),
    quirks: zitadelQuirks,
  },
];
