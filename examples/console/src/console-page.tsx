import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactElement, useEffect, useMemo } from "react";
import type { Connection } from "./connection/connection.js";
import { createConsoleClient } from "./connection/create-console-client.js";
import { OwnerPages } from "./owner/owner-pages.js";

/** Properties of `ConsolePage`. */
export interface ConsolePageProps {
  readonly connection: Connection;
  readonly onSignOut: () => void;
}

/** Holds the client and the cache of one connection. */
export function ConsolePage({ connection, onSignOut }: ConsolePageProps): ReactElement {
  const { baseUrl, token } = connection;
  const zitadel = useMemo(() => createConsoleClient({ baseUrl, token }), [baseUrl, token]);
  // The client itself retries calls, and knows better which ones it may.
  const cache = useMemo(
    () => new QueryClient({ defaultOptions: { queries: { retry: false } } }),
    [],
  );
  useEffect(() => () => cache.clear(), [cache]);
  return (
    <QueryClientProvider client={cache}>
      <OwnerPages zitadel={zitadel} baseUrl={baseUrl} onSignOut={onSignOut} />
    </QueryClientProvider>
  );
}
