import type { Protocol } from "../../index.js";
import type { Credentials } from "./credentials.js";
import type { Network } from "./find-network.js";
import type { FoundSetting } from "./find-setting.js";

/** The settings of a command's connection to ZITADEL. */
export interface ConnectionConfig {
  readonly url: FoundSetting;
  readonly instanceHost: FoundSetting | undefined;
  readonly org: FoundSetting | undefined;
  readonly protocol: (FoundSetting & { readonly value: Protocol }) | undefined;
  readonly network: Network;
  readonly timeoutMs: number;
  readonly allowInsecureAuth: boolean;
  readonly credentials: Credentials;
  /** The environment variables that the profile lets plain fields of provider files read. */
  readonly allowEnv: readonly string[];
}
