import type { Transport } from "@connectrpc/connect";
import { type Context, createContext, useContext } from "react";
import type { IdpClient } from "zitadel-idp";
import { createProviders, type Providers } from "zitadel-idp/providers";
import { createProviderQueries, type ProviderQueries } from "zitadel-idp/query";
import { type Owner, toOwnerKey } from "./owner.js";

/** The owner that the page shows, and the calls on it. */
export interface OwnerCalls {
  readonly owner: Owner;
  /** The transport, which sends the id of the organization with each call. */
  readonly transport: Transport;
  readonly providers: Providers;
  readonly queries: ProviderQueries;
}

/** Creates the calls on an owner. */
export function createOwnerCalls(zitadel: IdpClient, owner: Owner): OwnerCalls {
  const client =
    owner.kind === "org" && owner.id !== undefined ? zitadel.withOrg(owner.id) : zitadel;
  const providers = createProviders(client, { owner: owner.kind });
  return {
    owner,
    transport: client.transport,
    providers,
    queries: createProviderQueries(providers, { scope: toOwnerKey(owner) }),
  };
}

/** The context that gives all components below a page the calls on its owner. */
export const OwnerContext: Context<OwnerCalls | undefined> = createContext<OwnerCalls | undefined>(
  undefined,
);

/** Returns the calls on the owner of the page. */
export function useOwnerCalls(): OwnerCalls {
  const calls = useContext(OwnerContext);
  if (calls === undefined) {
    throw new Error("useOwnerCalls works below an OwnerContext only");
  }
  return calls;
}
