import type { Finding } from "../../lint/finding.js";
import { readChain } from "../certificates/explain-distrust.js";
import type { ServedCertificate } from "../certificates/served-certificate.js";
import { type LdapServer, parseLdapServer } from "../checks/ldap/ldap-server.js";
import { LdapSession } from "../checks/ldap/ldap-session.js";
import { readLdapSettings } from "../checks/ldap/ldap-settings.js";
import { mapConcurrently } from "../../utils/map-concurrently.js";
import { listUpstreamUrls } from "../list-upstream-urls.js";
import { toCheckedProvider } from "../to-checked-provider.js";
import type { Upstream } from "../upstream/upstream.js";
import { UpstreamError } from "../upstream/upstream-error.js";
import type { FoundDate } from "./expiration.js";
import type { OwnedProvider } from "./index-providers.js";
import { toExpiringProvider } from "./to-expiring-provider.js";

/** The number of providers whose servers are asked at the same time. */
const maxProviders = 16;

/** The dates of the certificates of servers, and the findings about servers that did not answer. */
interface HostDates {
  readonly dates: readonly FoundDate[];
  readonly unchecked: readonly Finding[];
}

/** Options of connections to servers. */
interface HostOptions {
  readonly upstream: Upstream;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** A server with TLS, and the way to its certificate. */
interface Host {
  readonly host: string;
  readonly field: string;
  readonly load: () => Promise<ServedCertificate | undefined>;
}

/** Reads the dates of the certificates of all servers of providers that use TLS, each server of a provider once. */
export async function readHostDates(
  providers: readonly OwnedProvider[],
  options: HostOptions,
): Promise<HostDates> {
  const found = await mapConcurrently(providers, maxProviders, async (owned) => {
    const hosts = await listHosts(owned, options);
    return await Promise.all(hosts.map((host) => readHost(host, owned, options)));
  });
  return {
    dates: found.flat().flatMap(({ dates }) => dates),
    unchecked: found.flat().flatMap(({ unchecked }) => unchecked),
  };
}

async function readHost(
  { host, field, load }: Host,
  owned: OwnedProvider,
  { signal }: HostOptions,
): Promise<HostDates> {
  const about = toExpiringProvider(owned);
  try {
    const served = await load();
    const [leaf, issuer] = served === undefined ? [] : readChain(served);
    const isRoot = issuer?.issuer === issuer?.subject;
    const certificates = [leaf, isRoot ? undefined : issuer].filter((each) => each !== undefined);
    const dates = certificates.map((each) => ({
      ...about,
      time: each.validTo,
      kind: "server-certificate" as const,
      field,
      subject: each === leaf ? host : `${each.subject}, above ${host}`,
    }));
    return { dates, unchecked: [] };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof UpstreamError)) {
      throw error;
    }
    const { owner, provider } = about;
    return { dates: [], unchecked: [toFinding({ owner, provider }, field, error)] };
  }
}

async function listHosts(
  { owner, provider }: OwnedProvider,
  options: HostOptions,
): Promise<Host[]> {
  const checked = toCheckedProvider(owner, provider, undefined);
  if (provider.type === "ldap") {
    const { servers, startTls } = readLdapSettings(checked);
    return servers
      .flatMap((text) => parseLdapServer(text, startTls) ?? [])
      .filter(({ security }) => security !== "none")
      .map((server) => ({
        host: server.url.host,
        field: "servers",
        load: () => loadLdapCertificate(server, options),
      }));
  }
  const { upstream } = options;
  const urls = await listUpstreamUrls(checked, upstream);
  return urls
    .filter(({ url }) => url.protocol === "https:")
    .map(({ url, field = "issuer" }) => ({
      host: url.host,
      field,
      load: () => upstream.loadCertificate(url),
    }));
}

async function loadLdapCertificate(
  server: LdapServer,
  { timeoutMs, signal }: HostOptions,
): Promise<ServedCertificate | undefined> {
  const session = new LdapSession(server, { ca: undefined, timeoutMs, signal });
  try {
    await session.open();
    return session.certificate;
  } catch (error) {
    throw error instanceof UpstreamError
      ? error
      : new UpstreamError("failed", `${server.url.host} does not support StartTLS`, {
          cause: error,
        });
  } finally {
    session.close();
  }
}

function toFinding(
  about: Pick<Finding, "owner" | "provider">,
  field: string,
  error: UpstreamError,
): Finding {
  return {
    ...about,
    severity: "unchecked",
    check: "expiry/server-unreachable",
    field,
    message: `the expiry of a server's certificate is unknown: ${error.message}`,
    fix: "run the command where the server can be reached, or leave out the servers with --no-servers",
  };
}
