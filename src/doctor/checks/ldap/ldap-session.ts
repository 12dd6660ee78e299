import { once } from "node:events";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, TLSSocket } from "node:tls";
import { Client, ResultCodeError, type SearchOptions, type SearchResult } from "ldapts";
import { startDeadline } from "../../../call/start-deadline.js";
import {
  type ServedCertificate,
  toServedCertificate,
} from "../../certificates/served-certificate.js";
import { toUpstreamError } from "../../upstream/to-upstream-error.js";
import { UpstreamError } from "../../upstream/upstream-error.js";
import type { LdapServer } from "./ldap-server.js";

/** Options of a connection to an LDAP server. */
interface LdapSessionOptions {
  /** The trusted authorities, in PEM. Undefined to trust those of this machine. */
  readonly ca: ConnectionOptions["ca"];
  /** The timeout of each step, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * A connection to an LDAP server. It accepts any certificate, so that the caller can check `certificate` in full, and must do so before
 * it sends a secret. Each step has a deadline, and rejects with an `UpstreamError`, or with the result code of the server.
 */
export class LdapSession {
  readonly #server: LdapServer;
  readonly #options: LdapSessionOptions;
  #socket: Socket | undefined;
  #client: Client | undefined;

  constructor(server: LdapServer, options: LdapSessionOptions) {
    this.#server = server;
    this.#options = options;
  }

  /** The certificate of the server. Undefined for a connection without TLS. */
  get certificate(): ServedCertificate | undefined {
    const socket = this.#socket;
    return socket instanceof TLSSocket ? toServedCertificate(socket) : undefined;
  }

  /** Opens the connection, with TLS if the URL or StartTLS asks for it. */
  async open(): Promise<void> {
    await this.#run(async () => {
      const { port, hostname, security, url } = this.#server;
      const socket =
        security === "tls"
          ? connectTls({ ...this.#tlsOptions(), port, host: hostname })
          : connectTcp(port, hostname);
      this.#keep(socket);
      await once(socket, security === "tls" ? "secureConnect" : "connect");
      const client = new Client({
        url: `${security === "tls" ? "ldaps" : "ldap"}://${url.host}`,
        createConnection: () => socket,
        createSecureConnection: this.#upgrade,
      });
      this.#client = client;
      if (security === "start-tls") {
        await client.startTLS();
      }
    });
  }

  /** Binds with a name and a password. */
  async bind(dn: string, password: string): Promise<void> {
    await this.#run(async (client) => client?.bind(dn, password));
  }

  /** Searches below an entry. */
  async search(baseDn: string, options: SearchOptions): Promise<SearchResult["searchEntries"]> {
    const found = await this.#run(async (client) => client?.search(baseDn, options));
    return found?.searchEntries ?? [];
  }

  /** Closes the connection at once. */
  close(): void {
    this.#socket?.on("error", () => undefined).destroy();
  }

  /**
   * Returns the TLS socket for `ldapts`: the open one for `ldaps:`, or a new one around the plain socket after the server has accepted
   * StartTLS.
   */
  readonly #upgrade = ((): TLSSocket => {
    const socket = this.#socket;
    if (socket instanceof TLSSocket) {
      return socket;
    }
    const { hostname } = this.#server;
    return this.#keep(
      connectTls({ ...this.#tlsOptions(), host: hostname, ...(socket && { socket }) }),
    );
  }) as typeof connectTls;

  /** Keeps the socket of the session. Its errors are ignored here, because they also end the step that uses it. */
  #keep<S extends Socket>(socket: S): S {
    socket.on("error", () => undefined);
    this.#socket = socket;
    return socket;
  }

  #tlsOptions(): ConnectionOptions {
    const { hostname } = this.#server;
    return {
      ca: this.#options.ca,
      rejectUnauthorized: false,
      // Go trusts every certificate of the root CA, even one that another authority has signed.
      allowPartialTrustChain: true,
      ...(isIP(hostname) === 0 && { servername: hostname }),
    };
  }

  async #run<T>(step: (client: Client | undefined) => Promise<T>): Promise<T> {
    const { timeoutMs, signal } = this.#options;
    const { deadline, stop } = startDeadline({ signal, timeoutMs });
    try {
      return await deadline.race(step(this.#client));
    } catch (error) {
      if (error instanceof ResultCodeError) {
        throw error;
      }
      this.close();
      signal?.throwIfAborted();
      const { url } = this.#server;
      throw deadline.ending === "deadline"
        ? new UpstreamError("unreachable", `${url.host} does not answer within ${timeoutMs} ms`, {
            cause: error,
          })
        : toUpstreamError(error, url);
    } finally {
      stop();
    }
  }
}
