import { ProxyVariableError } from "../../transport/socket/proxy-variable-error.js";
import { messageOf } from "../../utils/message.js";
import { OptionError } from "../../utils/option-error.js";
import { UsageError } from "../errors/usage-error.js";
import { writeMessage } from "../errors/write-message.js";
import type { ConnectionConfig } from "./connection-config.js";
import { describeSetting } from "./settings-source.js";

/** Converts an error about an option of the library into one about the flag or variable with its value. */
export function toSettingError(error: unknown, connection: ConnectionConfig): unknown {
  if (!(error instanceof TypeError)) {
    return error;
  }
  if (error instanceof ProxyVariableError) {
    return new UsageError(writeMessage(messageOf(error)));
  }
  const credentials = connection.credentials.secret.name;
  if (!(error instanceof OptionError)) {
    return new UsageError(`${credentials}: ${error.message}`);
  }
  const { option } = error.setting;
  const problem = writeMessage(error.setting.problem);
  const setting = findSettingName(option, connection) ?? `${credentials}: option ${option}`;
  return new UsageError(`${setting}: ${problem}`);
}

/** Returns the name by which users know the setting behind an option of the library. */
function findSettingName(option: string, connection: ConnectionConfig): string | undefined {
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
