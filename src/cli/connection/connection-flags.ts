import { type Command, Option } from "commander";
import type { Protocol } from "../../index.js";
import { createSecondsParser } from "../create-seconds-parser.js";

/** The flags for the ZITADEL instance, the credentials and the organization of a command. */
export interface ConnectionFlags {
  readonly url?: string;
  readonly instanceHost?: string;
  readonly tokenFile?: string;
  readonly keyFile?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly org?: string;
  readonly proxy?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyPemFile?: string;
  readonly protocol?: Protocol;
  readonly timeout: number;
  readonly profile?: string;
  readonly profiles?: string;
  readonly allowInsecureAuth?: boolean;
}

/** The wire protocols, in the order of the help. */
export const protocols: readonly Protocol[] = ["grpc", "grpc-web", "json"];

/** Returns true for the name of a wire protocol. */
export function isProtocol(text: string): text is Protocol {
  return (protocols as readonly string[]).includes(text);
}

/** Adds the flags for the connection to a command. */
export function addConnectionFlags(command: Command): Command {
  return command
    .option("--url <url>", "URL of the ZITADEL instance [ZITADEL_URL]")
    .option(
      "--instance-host <host>",
      "host name of the instance, if it differs from the host of --url [ZITADEL_INSTANCE_HOST]",
    )
    .option(
      "--token-file <file>",
      "file with a personal access token [ZITADEL_TOKEN: the token itself]",
    )
    .option(
      "--key-file <file>",
      "JSON key file of a service user [ZITADEL_KEY_FILE; ZITADEL_KEY: the key itself]",
    )
    .option("--client-id <id>", "login name of a service user [ZITADEL_CLIENT_ID]")
    .option(
      "--client-secret-file <file>",
      "file with the client secret of that user [ZITADEL_CLIENT_SECRET: the secret itself]",
    )
    .option("--org <id>", "id of the organization; default: the user's own [ZITADEL_ORG]")
    .option("--profile <name>", "connect with this profile [ZITADEL_PROFILE]")
    .option(
      "--profiles <file>",
      "file with the profiles; default: zitadel-idp/profiles.yaml in ~/.config, $XDG_CONFIG_HOME or %APPDATA%",
    )
    .addOption(
      new Option(
        "--protocol <protocol>",
        "wire protocol; default: grpc [ZITADEL_PROTOCOL]",
      ).choices(protocols),
    )
    .option(
      "--proxy <url>",
      "forward proxy, or none; default: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY [ZITADEL_PROXY]",
    )
    .option(
      "--ca-file <file>",
      "certificates of the authorities to trust, in PEM; default: those that Node.js trusts [ZITADEL_CA_FILE]",
    )
    .option("--cert-file <file>", "client certificate for mutual TLS, in PEM [ZITADEL_CERT_FILE]")
    .option(
      "--key-pem-file <file>",
      "private key of --cert-file, in PEM [ZITADEL_KEY_PEM_FILE; ZITADEL_KEY_PASSPHRASE: its passphrase]",
    )
    .option(
      "--timeout <seconds>",
      "timeout of each call, in seconds",
      createSecondsParser({ isZeroAllowed: false }),
      30,
    )
    .option(
      "--allow-insecure-auth",
      "allow sending credentials over plain http: to another machine",
    );
}
