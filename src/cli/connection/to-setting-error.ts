import { toCliTerms } from "../errors/cli-terms.js";
import { UsageError } from "../errors/usage-error.js";
import type { ConnectionConfig } from "./connection-config.js";
import { describeSetting } from "./settings-source.js";

/** Converts an error about an option of the library into one about the flag or variable that the value came from. */
export function toSettingError(error: unknown, connection: ConnectionConfig): unknown {
  if (!(error instanceof TypeError)) {
    return error;
  }
  if (error.message.startsWith("environment variable ")) {
    return new UsageError(toCliTerms(error.message));
  }
  const [, option = "", problem] = /^option ([\w.]+): ([^]*)$/.exec(error.message) ?? [];
  const setting = settingOfOption(option, connection);
  return new UsageError(
    setting === undefined || problem === undefined
      ? `${connection.credentials.secret.name}: ${toCliTerms(error.message)}`
      : `${setting}: ${toCliTerms(problem)}`,
  );
}

/** Returns the name by which users know the setting behind an option of the library. */
function settingOfOption(option: string, connection: ConnectionConfig): string | undefined {
  const { url, instanceHost, org, protocol, network, credentials } = connection;
  switch (option) {
    case "baseUrl":
      return url.name;
    case "instanceHost":
      return instanceHost?.name;
    case "orgId":
      return org?.name;
    case "protocol":
      return protocol?.name;
    case "proxy":
      return network.proxy?.name;
    case "tls.ca":
      return network.caFile?.name;
    case "tls.cert":
      return network.certFile?.name;
    case "tls.key":
      return network.keyPemFile?.name;
    case "tls.passphrase":
      return network.keyPassphrase?.name;
    case "timeoutMs":
      return "--timeout";
    case "clientId":
      return describeSetting(credentials.source, "clientId");
    case "auth":
    case "clientSecret":
      return credentials.secret.name;
    default:
      return undefined;
  }
}
