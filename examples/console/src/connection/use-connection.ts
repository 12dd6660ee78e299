import { useEffect, useState } from "react";
import type { Connection } from "./connection.js";
import { readFragment } from "./read-fragment.js";

/** The state of the connection, and the functions that change it. */
export interface ConnectionState {
  readonly connection: Connection | undefined;
  /** True while the code of a sign-in is exchanged for a token. */
  readonly isFinishing: boolean;
  /** The error of the last sign-in. */
  readonly error: unknown;
  connect(connection: Connection): void;
  signOut(): void;
}

/** Holds the connection, which comes from the fragment of the address, from a finished sign-in, or from the form. */
export function useConnection(): ConnectionState {
  const [connection, setConnection] = useState(readFragment);
  const [isFinishing, setFinishing] = useState(isReturning);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (!isReturning()) {
      return;
    }
    const address = new URL(location.href);
    // Removes the code from the address before anything else.
    history.replaceState(null, "", location.pathname);
    import("./oidc.js")
      .then(async ({ finishSignIn }) => setConnection(await finishSignIn(address)))
      .catch(setError)
      .finally(() => setFinishing(false));
  }, []);
  return {
    connection,
    isFinishing,
    error,
    connect: setConnection,
    signOut: () => setConnection(undefined),
  };
}

/** Returns true if the login page has sent the browser back to this page. */
function isReturning(): boolean {
  const parameters = new URLSearchParams(location.search);
  return parameters.has("state") && (parameters.has("code") || parameters.has("error"));
}
