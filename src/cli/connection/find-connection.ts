import { createIdpClient, type IdpClient, type IdpClientOptions, type Protocol } from "../../index.js";
import { toCliTerms } from "../errors/cli-terms.js";
import { type ConnectionFlags, protocols } from "./connection-flags.js";
import {
  checkNotEmpty,
  credentialNames,
  type Credentials,
  environmentSource,
  findCredentials,
  firstOf,
  flagSource,
  optionsOf,
  profileSource,
  type Settings,
  type Source,
} from "./settings-source.js";
import type { CommandContext } from "../command-context.js";
import { UsageError } from "../report/failure-json.js";
import { profilesFile, readProfile } from "./read-profile.js";
import { type FileUse, readTextFile } from "../files/read-text-file.js";
import { displayPath } from "../secrets/detect-secrets.js";

/** The settings of a command's connection to ZITADEL. */
export interface ConnectionConfig {
  readonly url: string;
  readonly org: string | undefined;
  readonly protocol: Protocol | undefined;
  readonly timeoutMs: number;
  readonly allowInsecureAuth: boolean;
  readonly credentials: Credentials;
  /** The environment variables that the profile lets plain fields of provider files read. */
  readonly allowEnv: readonly string[];
  /** Returns the name by which users know a setting of this connection. */
  readonly nameOf: (setting: keyof Settings) => string;
}

/**
 * Returns the connection that flags, environment variables and a profile describe. Flags override the environment, and the
 * environment overrides the profile; but a profile that `--profile` names overrides the environment.
 */
export function findConnection(context: CommandContext, options: ConnectionFlags): ConnectionConfig {
  const file = options.profiles ?? profilesFile(context);
  const name = options.profile ?? context.env["ZITADEL_PROFILE"];
  if (options.profile?.trim() === "") {
    throw new UsageError("--profile is empty: pass the name of a profile, or leave it out");
  }
  const profile = name ? readProfile(context, name, file) : undefined;
  const fromProfile = name && profile ? [profileSource(name, profile)] : [];
  const flags = flagSource("the flags", optionsOf(options));
  const environment = environmentSource(context);
  const connection = merge(
    options.profile === undefined
      ? [flags, environment, ...fromProfile]
      : [flags, ...fromProfile, environment],
    options,
    name === "" ? { url: emptyProfile, credentials: emptyProfile } : missingText(file),
  );
  return { ...connection, allowEnv: profile?.allowEnv ?? [] };
}

const emptyProfile = "ZITADEL_PROFILE is set but empty: set the name of a profile, or unset it";

/** The error texts for a connection without a URL or without credentials. */
export interface MissingText {
  readonly url: string;
  readonly credentials: string;
}

function missingText(file: string): MissingText {
  const profiles = `use --profile NAME (profiles are read from ${displayPath(file)})`;
  return {
    url: `No ZITADEL URL. Set ZITADEL_URL, pass --url, or ${profiles}.`,
    credentials: `No ZITADEL credentials. Use one of these:
  environment:  ZITADEL_TOKEN, ZITADEL_KEY, ZITADEL_KEY_FILE, or ZITADEL_CLIENT_ID and ZITADEL_CLIENT_SECRET
  flags:        --token-file, --key-file, or --client-id and --client-secret-file
  a profile:    ${profiles}`,
  };
}

/**
 * Builds a connection from sources, of which earlier ones override later ones. Throws a UsageError if a part is missing or wrong.
 */
export function merge(
  sources: readonly Source[],
  { timeout, allowInsecureAuth = false }: ConnectionFlags,
  missing: MissingText,
): ConnectionConfig {
  const url = firstOf(sources, "url");
  if (url === undefined) {
    checkNotEmpty(sources, ["url"]);
    throw new UsageError(missing.url);
  }
  const caller = findCredentials(sources);
  if (caller === undefined) {
    checkNotEmpty(sources, credentialNames);
    throw new UsageError(missing.credentials);
  }
  const { url: itsUrl } = caller.settings;
  if (caller.name.startsWith("profile ") && url.value !== itsUrl) {
    throw new UsageError(
      `the credentials of ${caller.name} are for ${originOf(itsUrl)}, but the URL is ${originOf(url.value)}: pass credentials for that URL too`,
    );
  }
  const org = optional(sources, "org");
  const protocol = optional(sources, "protocol");
  if (protocol !== undefined && !isProtocol(protocol.value)) {
    throw new UsageError(`${protocol.name}: the protocol must be one of ${protocols.join(", ")}`);
  }
  const names: Partial<Record<keyof Settings, string | undefined>> = {
    url: url.name,
    org: org?.name,
    protocol: protocol?.name,
  };
  return {
    url: url.value,
    org: org?.value,
    protocol: protocol?.value as Protocol | undefined,
    timeoutMs: timeout * 1000,
    allowInsecureAuth,
    credentials: Object.fromEntries(credentialNames.map((each) => [each, caller.settings[each]])),
    allowEnv: [],
    nameOf: (setting) => names[setting] ?? caller.nameOf(setting),
  };
}

/**
 * Returns the value of an optional setting. Throws a UsageError if it is set but empty: the user does not mean the default then.
 */
function optional(sources: readonly Source[], setting: "org" | "protocol") {
  const found = firstOf(sources, setting);
  if (found === undefined) {
    checkNotEmpty(sources, [setting]);
  }
  return found;
}

function isProtocol(text: string): text is Protocol {
  return (protocols as readonly string[]).includes(text);
}

/** Returns the origin of a URL, without the user, path and query, which can hold a secret. */
function originOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) && new URL(url).origin !== "null"
    ? new URL(url).origin
    : "another URL";
}

/** Creates a client, runs `work` with it, and closes it. */
export async function withClient<T>(
  connection: ConnectionConfig,
  work: (client: IdpClient) => Promise<T>,
): Promise<T> {
  const client = await createClient(connection).catch((error: unknown) => {
    throw inUserTerms(error, connection);
  });
  try {
    return await work(client);
  } finally {
    // Close by force: after a deadline or Ctrl+C, a call may still be ending, and nobody waits for it.
    await client.close({ force: true });
  }
}

async function createClient(connection: ConnectionConfig): Promise<IdpClient> {
  const { url, org, protocol, timeoutMs, allowInsecureAuth } = connection;
  return createIdpClient({
    baseUrl: url,
    auth: await authOf(connection),
    orgId: org,
    protocol,
    timeoutMs,
    allowInsecureAuth,
  });
}

/** Converts an error about an option of the library into one about the flag or variable that the value came from. */
function inUserTerms(error: unknown, connection: ConnectionConfig): unknown {
  if (!(error instanceof TypeError)) {
    return error;
  }
  const [, option = "", problem] = /^option (\w+): ([^]*)$/.exec(error.message) ?? [];
  const names: Readonly<Record<string, string>> = {
    baseUrl: connection.nameOf("url"),
    orgId: connection.nameOf("org"),
    protocol: connection.nameOf("protocol"),
    timeoutMs: "--timeout",
    auth: credentialName(connection),
    clientId: connection.nameOf("clientId"),
    clientSecret: credentialName(connection),
  };
  const name = names[option];
  return new UsageError(
    name === undefined || problem === undefined
      ? `${credentialName(connection)}: ${toCliTerms(error.message)}`
      : `${name}: ${toCliTerms(problem)}`,
  );
}

/** Returns the name of the setting that holds or leads to the secret. */
function credentialName({ credentials, nameOf }: ConnectionConfig): string {
  const secrets = ["token", "tokenFile", "key", "keyFile", "clientSecret", "clientSecretFile"] as const; // prettier-ignore
  return nameOf(secrets.find((each) => credentials[each]) ?? "token");
}

async function authOf(connection: ConnectionConfig): Promise<IdpClientOptions["auth"]> {
  const { credentials, allowInsecureAuth, nameOf } = connection;
  const { token, tokenFile, key, keyFile, clientId, clientSecret, clientSecretFile } = credentials;
  const read = (path: string, setting: keyof Credentials, use: FileUse): string =>
    readTextFile(path, { ...use, name: nameOf(setting) });
  if (token || tokenFile) {
    const text = token || read(tokenFile ?? "", "tokenFile", files.token).trim();
    if (isJson(text)) {
      throw new UsageError(
        `${nameOf(token ? "token" : "tokenFile")} holds the key of a service user, not a token: pass it in ${token ? "ZITADEL_KEY" : "--key-file"}`,
      );
    }
    return text;
  }
  const { clientCredentials, serviceAccount } = await import("../../auth/index.js");
  if (key || keyFile) {
    const text = key || read(keyFile ?? "", "keyFile", files.key);
    if (key && !isJson(text)) {
      throw new UsageError(
        `${nameOf("key")} is not JSON: set it to the key itself, or set ZITADEL_KEY_FILE to the path of the key file`,
      );
    }
    return serviceAccount(text, { allowInsecureAuth });
  }
  return clientCredentials({
    clientId: clientId ?? "",
    clientSecret:
      clientSecret || read(clientSecretFile ?? "", "clientSecretFile", files.clientSecret).trim(),
    allowInsecureAuth,
  });
}

/** The credential files, with the variable for a user who passes the content instead of a path. */
const files = {
  token: { what: "the token", contentBelongs: "put it into ZITADEL_TOKEN" },
  key: { what: "the key", contentBelongs: "put it into ZITADEL_KEY" },
  clientSecret: { what: "the client secret", contentBelongs: "put it into ZITADEL_CLIENT_SECRET" },
} as const satisfies Record<string, FileUse>;

function isJson(text: string): boolean {
  return /^\s*\{/.test(text.replace(/^\ufeff/, ""));
}
