import { createIdpClient, type IdpClient, type IdpClientOptions, type Protocol } from "../index.js";
import { type ConnectionOptions, protocols } from "./connection-options.js";
import type { Context } from "./context.js";
import { UsageError } from "./failure.js";
import { type Profile, profilesFile, readProfile } from "./profiles.js";
import { readText } from "./yaml-file.js";

/** Who calls: one of these. */
interface Credentials {
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly clientSecretFile?: string | undefined;
}

/** What one source says of a connection. */
interface Source extends Credentials {
  readonly name: string;
  readonly url?: string | undefined;
  readonly org?: string | undefined;
  readonly protocol?: string | undefined;
}

/** A connection that a command was told of. */
export interface Connection {
  readonly url: string;
  readonly org: string | undefined;
  readonly protocol: Protocol | undefined;
  readonly timeoutMs: number;
  readonly allowInsecureAuth: boolean;
  readonly credentials: Credentials;
}

const nothing = `there is nothing to connect to. Give one of
  flags:        --url https://acme.zitadel.cloud --token-file FILE (or --key-file, or --client-id and --client-secret-file)
  environment:  ZITADEL_URL, and ZITADEL_TOKEN, ZITADEL_KEY_FILE, or ZITADEL_CLIENT_ID and ZITADEL_CLIENT_SECRET
  a profile:    --profile NAME, from`;

/** Flags go before the environment, and that before a profile; one that a flag names goes before the environment. */
export function findConnection(context: Context, options: ConnectionOptions): Connection {
  const { env } = context;
  const file = options.profiles ?? profilesFile(context);
  const name = options.profile ?? env["ZITADEL_PROFILE"];
  const profile: Source[] = name
    ? [{ name: `profile ${name}`, ...(readProfile(context, name, file) satisfies Profile) }]
    : [];
  const flags: Source = { name: "the flags", ...credentialsOf(options), ...options };
  const environment: Source = {
    name: "the environment",
    url: env["ZITADEL_URL"],
    token: env["ZITADEL_TOKEN"],
    keyFile: env["ZITADEL_KEY_FILE"],
    clientId: env["ZITADEL_CLIENT_ID"],
    clientSecret: env["ZITADEL_CLIENT_SECRET"],
    org: env["ZITADEL_ORG"],
    protocol: env["ZITADEL_PROTOCOL"],
  };
  return merge(
    options.profile === undefined
      ? [flags, environment, ...profile]
      : [flags, ...profile, environment],
    options,
    `${nothing} ${file}`,
  );
}

/** One connection from sources of which the first ones go before the others. */
export function merge(
  sources: readonly Source[],
  { timeout, allowInsecureAuth = false }: ConnectionOptions,
  whatIsMissing: string,
): Connection {
  const first = (of: (source: Source) => string | undefined): string | undefined =>
    sources.map(of).find((each) => each !== undefined && each !== "");
  const url = first((source) => source.url);
  const withCredentials = sources.find((source) => kindsOf(source).length > 0);
  if (url === undefined || withCredentials === undefined) {
    throw new UsageError(whatIsMissing);
  }
  checkCredentials(withCredentials);
  if (withCredentials.name.startsWith("profile ") && url !== withCredentials.url) {
    throw new UsageError(
      `the credentials of ${withCredentials.name} are for ${withCredentials.url}, and the address is ${url}: give credentials for that too`,
    );
  }
  const protocol = first((source) => source.protocol);
  if (protocol !== undefined && !isProtocol(protocol)) {
    throw new UsageError(`the protocol must be one of ${protocols.join(", ")}`);
  }
  return {
    url,
    org: first((source) => source.org),
    protocol,
    timeoutMs: timeout * 1000,
    allowInsecureAuth,
    credentials: credentialsOf(withCredentials),
  };
}

function isProtocol(text: string): text is Protocol {
  return (protocols as readonly string[]).includes(text);
}

function credentialsOf(source: Credentials): Credentials {
  const { token, tokenFile, keyFile, clientId, clientSecret, clientSecretFile } = source;
  return { token, tokenFile, keyFile, clientId, clientSecret, clientSecretFile };
}

/** The ways in which a source says who calls. */
function kindsOf({
  token,
  tokenFile,
  keyFile,
  clientId,
  clientSecret,
  clientSecretFile,
}: Credentials): string[] {
  return [
    ...(token || tokenFile ? ["a token"] : []),
    ...(keyFile ? ["a key file"] : []),
    ...(clientId || clientSecret || clientSecretFile ? ["a client id with its secret"] : []),
  ];
}

function checkCredentials(source: Source): void {
  const kinds = kindsOf(source);
  if (kinds.length > 1) {
    throw new UsageError(`${source.name} must give one of ${kinds.join(" and ")}, not both`);
  }
  const { clientId, clientSecret, clientSecretFile } = source;
  const hasSecret = Boolean(clientSecret) || clientSecretFile !== undefined;
  if (kinds[0]?.startsWith("a client id") && (!clientId || !hasSecret)) {
    throw new UsageError(
      `${source.name} must give a client id and its secret; the ${clientId ? "secret" : "client id"} is missing`,
    );
  }
}

/** Makes the client, and closes it when the work is done. */
export async function withClient<T>(
  connection: Connection,
  work: (client: IdpClient) => Promise<T>,
): Promise<T> {
  const { url, org, protocol, timeoutMs, allowInsecureAuth } = connection;
  const client = createIdpClient({
    baseUrl: url,
    auth: await authOf(connection),
    orgId: org,
    protocol,
    timeoutMs,
    allowInsecureAuth,
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function authOf({
  credentials,
  allowInsecureAuth,
}: Connection): Promise<IdpClientOptions["auth"]> {
  const { token, tokenFile, keyFile, clientId } = credentials;
  if (token) {
    return token;
  }
  if (tokenFile !== undefined) {
    return readText(tokenFile, "the token").trim();
  }
  const { clientCredentials, serviceAccount } = await import("../auth/index.js");
  if (keyFile !== undefined) {
    return serviceAccount(readText(keyFile, "the key"), { allowInsecureAuth });
  }
  const { clientSecret, clientSecretFile } = credentials;
  return clientCredentials({
    clientId: clientId ?? "",
    clientSecret: clientSecret || readText(clientSecretFile ?? "", "the client secret").trim(),
    allowInsecureAuth,
  });
}
