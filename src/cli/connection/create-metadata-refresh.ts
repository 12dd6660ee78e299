import type { CommandContext } from "../command-context.js";
import type { ConnectionConfig } from "./connection-config.js";
import { createSocketOptions } from "./create-socket-options.js";

/** Creates the function that loads SAML metadata for `--refresh`, with the forward proxy and the timeout of the connection. */
export async function createMetadataRefresh(
  { signal }: CommandContext,
  { network, timeoutMs }: ConnectionConfig,
): Promise<(metadataUrl: string) => Promise<string>> {
  // Load these files on demand: only a plan with --refresh needs them.
  const { loadSamlMetadata } = await import("../../doctor/load-saml-metadata.js");
  const { Upstream } = await import("../../doctor/upstream/upstream.js");
  const sockets = createSocketOptions(network);
  const upstream = new Upstream({ sockets, timeoutMs, allowPrivate: false, withinMs: 0, signal });
  return async (metadataUrl) => await loadSamlMetadata(upstream, metadataUrl);
}
