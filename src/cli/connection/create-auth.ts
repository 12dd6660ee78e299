import type { Token, TokenRequest } from "../../auth/token-supplier.js";
import type { IdpClientOptions } from "../../index.js";
import { UsageError } from "../errors/usage-error.js";
import { type FileUse, readTextFile } from "../files/read-text-file.js";
import type { ConnectionConfig } from "./connection-config.js";
import type { Credentials, CredentialSecret } from "./credentials.js";

/**
 * Creates the `auth` option of a client from the credentials of a connection. Reads their files. Calls `onToken` with each token: at once
 * for a fixed token, otherwise when the key or the client secret gets a token.
 */
export async function createAuth(
  connection: ConnectionConfig,
  onToken: (token: Token) => void,
): Promise<IdpClientOptions["auth"]> {
  const { credentials, allowInsecureAuth } = connection;
  if (credentials.kind === "token") {
    const accessToken = readTokenSetting(credentials.secret);
    onToken({ accessToken });
    return accessToken;
  }
  const fetchToken = await createSupplier(credentials, allowInsecureAuth);
  // Load the parts of token sources on demand: commands with a fixed token start faster.
  const { createTokenSource } = await import("../../auth/token-source.js");
  return createTokenSource(async (request) => {
    const token = await fetchToken(request);
    onToken(token);
    return token;
  });
}

/** Creates the function that gets tokens with a key or a client secret. */
async function createSupplier(
  credentials: Exclude<Credentials, { readonly kind: "token" }>,
  allowInsecureAuth: boolean,
): Promise<(request: TokenRequest) => Promise<Token>> {
  if (credentials.kind === "client") {
    const { clientId, secret } = credentials;
    // Each supplier is loaded alone, because keys also need jose.
    const { createClientCredentialsSupplier } =
      await import("../../auth/client-credentials-supplier.js");
    const clientSecret = readClientSecretSetting(secret);
    return createClientCredentialsSupplier({ clientId, clientSecret, allowInsecureAuth });
  }
  const { createServiceAccountSupplier } = await import("../../auth/service-account-supplier.js");
  return createServiceAccountSupplier(readKeySetting(credentials.secret), { allowInsecureAuth });
}

function readTokenSetting(secret: CredentialSecret): string {
  const token = secret.isFile ? readCredentialFile(secret, tokenUse).trim() : secret.value;
  if (isJsonObject(token)) {
    throw new UsageError(
      `${secret.name} contains the key of a service user, not a token: pass it in ${secret.isFile ? "--key-file" : "ZITADEL_KEY"}`,
    );
  }
  return token;
}

function readKeySetting(secret: CredentialSecret): string {
  if (secret.isFile) {
    return readCredentialFile(secret, keyUse);
  }
  if (!isJsonObject(secret.value)) {
    throw new UsageError(
      `${secret.name} is not JSON: set it to the key itself, or set ZITADEL_KEY_FILE to the path of the key file`,
    );
  }
  return secret.value;
}

function readClientSecretSetting(secret: CredentialSecret): string {
  return secret.isFile ? readCredentialFile(secret, clientSecretUse).trim() : secret.value;
}

function readCredentialFile({ value, name }: CredentialSecret, use: FileUse): string {
  return readTextFile(value, { ...use, source: name });
}

const tokenUse: FileUse = { content: "the token", contentAdvice: "put it into ZITADEL_TOKEN" };
const keyUse: FileUse = { content: "the key", contentAdvice: "put it into ZITADEL_KEY" };
const clientSecretUse: FileUse = {
  content: "the client secret",
  contentAdvice: "put it into ZITADEL_CLIENT_SECRET",
};

function isJsonObject(text: string): boolean {
  return /^\s*\{/.test(text.replace(/^\ufeff/, ""));
}
