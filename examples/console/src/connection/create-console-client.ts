import { createIdpClient, type IdpClient } from "zitadel-idp";
import type { Connection } from "./connection.js";

/** Creates the client of a connection. */
export function createConsoleClient({ baseUrl, token }: Connection): IdpClient {
  return createIdpClient({ baseUrl, auth: token });
}
