import type { Operation } from "../providers/operation.js";
import { createOperatorClient } from "../services/operator-client.js";
import { sort } from "../utils/sort.js";
import type { DiagnoseClient } from "./diagnose-client.js";
import { isForbidden } from "./is-forbidden.js";
import type { InstanceInfo } from "./instance-info.js";

/**
 * Reads the version and the domains of the instance. If the caller may not read them, the only domain is that of `baseUrl`, and the
 * version is unknown.
 */
export async function readInstance(
  client: DiagnoseClient | undefined,
  baseUrl: string | undefined,
  operation: Operation,
): Promise<InstanceInfo> {
  const base = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const fallback = {
    version: undefined,
    origins: base === undefined ? [] : [base.origin],
    generatedOrigins: [],
  };
  if (client === undefined) {
    return fallback;
  }
  try {
    const { instance } = await createOperatorClient(client.transport).admin.getMyInstance(
      {},
      operation.callOptions(),
    );
    const domains = sort(instance?.domains ?? [], (a, b) => Number(b.primary) - Number(a.primary));
    const version = instance?.version || undefined;
    if (domains.length === 0) {
      return { ...fallback, version };
    }
    const server = domains.some(({ domain }) => domain === base?.hostname) ? base : undefined;
    const generated = domains.filter((domain) => domain.generated && !domain.primary);
    return {
      version,
      origins: domains.map(({ domain }) => toOrigin(domain, server)),
      generatedOrigins: generated.map(({ domain }) => toOrigin(domain, server)),
    };
  } catch (error) {
    if (isForbidden(error)) {
      return fallback;
    }
    throw error;
  }
}

/** Returns the origin of a domain. All domains have the scheme and the port of the server, which its base URL shows. */
function toOrigin(domain: string, server: URL | undefined): string {
  const { protocol, port } = server ?? { protocol: "https:", port: "" };
  return `${protocol}//${domain}${port === "" ? "" : `:${port}`}`;
}
