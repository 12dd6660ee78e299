import type { CommandContext } from "../command-context.js";
import type { ConnectionConfig } from "./connection-config.js";
import { createSocketOptions } from "./create-socket-options.js";

/** Creates the function that loads SAML metadata for `--refresh`: through the forward proxy and with the deadline of the connection. */
export async function createMetadataRefresh(
  { signal }: CommandContext,
  { network, timeoutMs }: ConnectionConfig,
): Promise<(metadataUrl: string) => Promise<string>> {
  // On demand: no plan without --refresh needs them.
  const { loadSamlMetadata } = await import("../../doctor/load-saml-metadata.js");
  const { Upstream } = await import("../../doctor/upstream/upstream.js");
  const sockets = createSocketOptions(network);
  const upstream = new Upstream({ sockets, timeoutMs, allowPrivate: false, withinMs: 0, signal });
  return async (metadataUrl) => await loadSamlMetadata(upstream, metadataUrl);
}
