import type { Upstream } from "./upstream/upstream.js";
import { UpstreamError } from "./upstream/upstream-error.js";

/**
 * Loads the metadata that a URL serves. Rejects with an `UpstreamError` if the server does not answer or answers with an error, and for
 * an `http:` URL, because anyone on the network path could replace the certificates in the metadata.
 */
export async function loadSamlMetadata(upstream: Upstream, metadataUrl: string): Promise<string> {
  if (/^\s*http:/i.test(metadataUrl)) {
    throw new UpstreamError(
      "invalid-url",
      "the URL begins with http:, so anyone on the network path could replace the certificates in the metadata; use https:",
    );
  }
  const { url, status, text } = await upstream.get(metadataUrl);
  if (status !== 200) {
    throw new UpstreamError("failed", `${url.host} answers with status ${status}`);
  }
  return text;
}
