/**
 * The program that calls the API through a network: one client for each wire protocol and each kind of token, with the public names
 * of the package only. Takes its setup as an argument, and prints the cells as JSON.
 */
import { createIdpClient, type IdpClientOptions, isZitadelError, type Protocol } from "zitadel-idp";
import { clientCredentials, serviceAccount, type TokenEndpointOptions } from "zitadel-idp/auth";
import { callAll, callOften, describe } from "../../runtimes/program/driver.js";
import { type CellResult, tokenKinds, type TokenKind, wires } from "../cell-result.js";

/** The credentials of a service user, by the kind of token. */
export interface Credentials {
  readonly token: string;
  /** The content of the key file. */
  readonly key: string;
  readonly client: { readonly clientId: string; readonly clientSecret: string };
}

/** Options of a client that JSON can carry. */
export type ClientSettings = Omit<
  IdpClientOptions,
  "auth" | "protocol" | "fetch" | "hooks" | "interceptors"
>;

/** The input of the program. */
export interface CallerSetup {
  readonly options: ClientSettings;
  /** Options of the token sources. */
  readonly tokenOptions?: TokenEndpointOptions;
  readonly credentials: Credentials;
}

const setup = JSON.parse(process.argv[2] ?? "") as CallerSetup;
const results: CellResult[] = [];
for (const wire of wires) {
  for (const token of tokenKinds) {
    const problem = await problemOf(wire, token);
    results.push({ wire, token, ...(problem !== undefined && { problem }) });
  }
}
// The program must end by itself: nothing that was closed may keep the process alive.
console.log(JSON.stringify(results));

async function problemOf(protocol: Protocol, token: TokenKind): Promise<string | undefined> {
  try {
    const auth = createAuth(token);
    await using zitadel = createIdpClient({ timeoutMs: 20_000, ...setup.options, protocol, auth });
    await callAll(zitadel);
    if (token === "token") {
      // After a hundred requests of a client, another sender takes over for JSON and gRPC-web.
      await callOften(zitadel);
    }
    return undefined;
  } catch (error) {
    return isZitadelError(error) ? error.message : describe(error);
  }
}

/** Creates a token source of its own for each cell, so that each requests a token. */
function createAuth(kind: TokenKind): NonNullable<IdpClientOptions["auth"]> {
  const { credentials, tokenOptions } = setup;
  const create = {
    token: () => credentials.token,
    key: () => serviceAccount(credentials.key, tokenOptions),
    secret: () => clientCredentials({ ...credentials.client, ...tokenOptions }),
  };
  return create[kind]();
}
