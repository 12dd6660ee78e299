import type { IdpClientOptions } from "../../index.js";
import { UsageError } from "../errors/usage-error.js";
import { type FileUse, readTextFile } from "../files/read-text-file.js";
import type { ConnectionConfig } from "./connection-config.js";
import type { CredentialSecret } from "./find-credentials.js";

/** Creates the `auth` option of a client from the credentials of a connection. Reads their files. */
export async function createAuth({
  credentials: { kind, clientId = "", secret },
  allowInsecureAuth,
}: ConnectionConfig): Promise<IdpClientOptions["auth"]> {
  if (kind === "token") {
    return readTokenSetting(secret);
  }
  const { clientCredentials, serviceAccount } = await import("../../auth/index.js");
  return kind === "client"
    ? clientCredentials({
        clientId,
        clientSecret: readClientSecretSetting(secret),
        allowInsecureAuth,
      })
    : serviceAccount(readKeySetting(secret), { allowInsecureAuth });
}

function readTokenSetting(secret: CredentialSecret): string {
  const token = secret.isFile ? readCredentialFile(secret, tokenUse).trim() : secret.value;
  if (isJsonObject(token)) {
    throw new UsageError(
      `${secret.name} holds the key of a service user, not a token: pass it in ${secret.isFile ? "--key-file" : "ZITADEL_KEY"}`,
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
