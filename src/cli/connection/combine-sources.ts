import { UsageError } from "../errors/usage-error.js";
import type { ConnectionConfig } from "./connection-config.js";
import { type ConnectionFlags, isProtocol, protocols } from "./connection-flags.js";
import type { Credentials } from "./credentials.js";
import { findCredentials } from "./find-credentials.js";
import { findNetwork } from "./find-network.js";
import { findSetting, type FoundSetting } from "./find-setting.js";
import { describeSource, type SettingsSource } from "./settings-source.js";

/** The error texts for a connection without a URL or without credentials. */
export interface MissingSettingTexts {
  readonly url: string;
  readonly credentials: string;
}

/**
 * Combines sources into one connection. Earlier sources override later ones. The proxy and the certificates may also come from
 * `networkSources`. Throws a UsageError if a part is missing or wrong.
 */
export function combineSources(
  sources: readonly SettingsSource[],
  { timeout, allowInsecureAuth = false }: Pick<ConnectionFlags, "timeout" | "allowInsecureAuth">,
  missing: MissingSettingTexts,
  networkSources: readonly SettingsSource[] = [],
): ConnectionConfig {
  const url = findSetting(sources, "url");
  if (url === undefined) {
    throw new UsageError(missing.url);
  }
  const credentials = findCredentials(sources);
  if (credentials === undefined) {
    throw new UsageError(missing.credentials);
  }
  checkCredentialsFitUrl(credentials, url);
  return {
    url,
    instanceHost: findSetting(sources, "instanceHost"),
    org: findSetting(sources, "org"),
    protocol: findProtocol(sources),
    network: findNetwork([...sources, ...networkSources]),
    timeoutMs: timeout * 1000,
    allowInsecureAuth,
    credentials,
    allowEnv: [],
  };
}

/** Throws a UsageError if the credentials of a profile would be sent to a URL other than the profile's. */
function checkCredentialsFitUrl({ source }: Credentials, url: FoundSetting): void {
  if (source.kind === "profile" && source.settings.url !== url.value) {
    throw new UsageError(
      `the credentials of ${describeSource(source)} are for ${displayOrigin(source.settings.url)}, but the URL is ${displayOrigin(url.value)}: pass credentials for that URL too`,
    );
  }
}

function findProtocol(sources: readonly SettingsSource[]): ConnectionConfig["protocol"] {
  const found = findSetting(sources, "protocol");
  if (found === undefined) {
    return undefined;
  }
  const { name, value } = found;
  if (!isProtocol(value)) {
    throw new UsageError(`${name}: the protocol must be one of ${protocols.join(", ")}`);
  }
  return { name, value };
}

/** Returns the origin of a URL, without user, path and query, which may contain a secret. */
function displayOrigin(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) && new URL(url).origin !== "null"
    ? new URL(url).origin
    : "another URL";
}
