import { lookup } from "node:dns/promises";

/** The names that only the DNS of a network may know: RFC 6762, RFC 8375, and usual names in companies and clusters. */
const internalName = /^[^.]+$|\.(?:local|internal|intranet|lan|corp|home|private|svc|home\.arpa)$/i;

/** The reserved names, which nobody can own: RFC 2606. */
const reservedName = /(?:^|\.)(?:invalid|example|test)$/i;

/** Hosts that show if this machine can resolve public names. */
const knownHosts = ["accounts.google.com", "login.microsoftonline.com"];

/**
 * Returns true if a name that this machine cannot resolve certainly has no address. It may have one if it is a name for internal networks,
 * or if this machine cannot resolve public names.
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
