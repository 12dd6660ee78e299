import { type Command, InvalidArgumentError, Option } from "commander";
import type { Protocol } from "../index.js";

/** The options that say which ZITADEL a command talks to, and about whose providers. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly keyFile?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
  readonly org?: string;
  readonly protocol?: Protocol;
  readonly timeout: number;
  readonly profile?: string;
  readonly profiles?: string;
  readonly allowInsecureAuth?: boolean;
}

export const protocols = ["grpc", "grpc-web", "json"] as const;

export function addConnectionOptions(command: Command): Command {
  return command
    .option("--url <url>", "the address of the ZITADEL instance [ZITADEL_URL]")
    .option(
      "--token-file <file>",
      "a file with a personal access token [ZITADEL_TOKEN: the token itself]",
    )
    .option(
      "--key-file <file>",
      "the key file of a service user [ZITADEL_KEY_FILE; ZITADEL_KEY: the key itself, in JSON]",
    )
    .option("--client-id <id>", "the login name of a service user [ZITADEL_CLIENT_ID]")
    .option("--client-secret-file <file>", "its secret [ZITADEL_CLIENT_SECRET: the secret itself]")
    .option("--org <id>", "the organization; default: that of the user [ZITADEL_ORG]")
    .option("--profile <name>", "a connection from the profile file [ZITADEL_PROFILE]")
    .option(
      "--profiles <file>",
      "the profile file; default: zitadel-idp/profiles.yaml in the user's configuration",
    )
    .addOption(
      new Option("--protocol <protocol>", "the wire; default: grpc [ZITADEL_PROTOCOL]").choices(
        protocols,
      ),
    )
    .option("--timeout <seconds>", "the deadline of each call", parseSeconds, 30)
    .option("--allow-insecure-auth", "let credentials go over plain http: to another machine");
}

/** For commands about one owner. */
export function addOwnerOption(command: Command): Command {
  return command.option("--instance", "the providers of the instance, not of an organization");
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new InvalidArgumentError("must be a number of seconds above 0 and at most 86400");
  }
  return seconds;
}
