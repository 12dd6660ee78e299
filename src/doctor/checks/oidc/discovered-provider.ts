import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import type { ProviderIssuer } from "./find-issuer.js";
import type { ProviderMetadata } from "./provider-metadata.js";

/** A provider with its issuer and its discovery document, and the way to report findings about them. */
export interface DiscoveredProvider extends ProviderIssuer {
  readonly provider: CheckedProvider;
  readonly metadata: ProviderMetadata;
  readonly context: CheckContext;
}
