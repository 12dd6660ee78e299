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

/** Shows the console of one connection. Holds its client and its cache. */
export function ConsolePage({ connection, onSignOut }: ConsolePageProps): ReactElement {
  const { baseUrl, token } = connection;
  const zitadel = useMemo(() => createConsoleClient({ baseUrl, token }), [baseUrl, token]);
  // The client itself retries the calls that may be retried.
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
