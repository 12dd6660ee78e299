/** Options for opening connections. They have no effect if `fetch` sends the requests. */
export interface SocketOptions {
  /**
   * The forward proxy: its URL, e.g. `"http://user:password@proxy.example:3128"`, or `false` for none. Default: the environment
   * variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case. They are ignored for addresses of this
   * machine, such as `localhost`.
   */
  readonly proxy?: string | URL | false | undefined;
  /** The certificates for TLS. Default: the authorities that the runtime trusts, and no client certificate. */
  readonly tls?: TlsOptions | undefined;
}

/** One or more texts in PEM. */
export type PemTexts = string | Uint8Array | readonly (string | Uint8Array)[];

/**
 * Options for TLS. Names and meanings are those of `node:tls`, except for `serverName`. If tokens come from another origin than that
 * of the base URL, only `ca` applies to it.
 */
export interface TlsOptions {
  /**
   * The certificates of the trusted authorities, in PEM. They replace the authorities that the runtime trusts, including those of
   * `NODE_EXTRA_CA_CERTS`; add `rootCertificates` of `node:tls` to the list to trust the public ones too. They also apply to a proxy
   * with an `https:` URL.
   */
  readonly ca?: PemTexts | undefined;
  /** The client certificate for mutual TLS with its chain, in PEM. Needs `key`. */
  readonly cert?: PemTexts | undefined;
  /** The private key of the client certificate, in PEM. Needs `cert`. */
  readonly key?: PemTexts | undefined;
  /** The passphrase of an encrypted `key`. */
  readonly passphrase?: string | undefined;
  /** The name that the certificate of the server must have. Default: the host name of the URL. */
  readonly serverName?: string | undefined;
  /**
   * False to accept any certificate, so that anyone on the way can read and change everything. A client also needs
   * `allowInsecureAuth: true` then. Default: true.
   */
  readonly rejectUnauthorized?: boolean | undefined;
}
