import { lookup } from "node:dns/promises";

/** Names that no public DNS knows, and that a network may know: RFC 6762, RFC 8375, and the usual ones of companies and clusters. */
const internalName = /^[^.]+$|\.(?:local|internal|intranet|lan|corp|home|private|svc|home\.arpa)$/i;

/** Names that nobody may have: RFC 2606. */
const reservedName = /(?:^|\.)(?:invalid|example|test)$/i;

/** Hosts that every public DNS knows. */
const knownHosts = ["accounts.google.com", "login.microsoftonline.com"];

/**
 * Returns true if a name that this machine does not resolve has no address anywhere. A name of an internal network may have one there,
 * and a machine without public DNS resolves no name.
 */
export async function isUnknownEverywhere(hostname: string): Promise<boolean> {
  if (reservedName.test(hostname)) {
    return true;
  }
  if (internalName.test(hostname)) {
    return false;
  }
  const resolved = await Promise.allSettled(knownHosts.map((host) => lookup(host)));
  return resolved.some(({ status }) => status === "fulfilled");
}
