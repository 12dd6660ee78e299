import type { PemTexts, TlsOptions } from "./socket-options.js";

/** Options for TLS in the form of `node:tls`. All certificates and keys are text, so that equal settings have equal JSON. */
export interface TlsSettings {
  readonly ca?: string[];
  readonly cert?: string[];
  readonly key?: string[];
  readonly passphrase?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Converts the option `tls` into options of `node:tls`. */
export function toTlsSettings(tls: TlsOptions = {}): TlsSettings {
  const { ca, cert, key, passphrase, serverName, rejectUnauthorized } = tls;
  return {
    ...(ca !== undefined && { ca: toTexts(ca) }),
    ...(cert !== undefined && { cert: toTexts(cert) }),
    ...(key !== undefined && { key: toTexts(key) }),
    ...(passphrase !== undefined && { passphrase }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

/** Returns the settings for the connection to a proxy, which gets no client certificate and has a name of its own. */
export function toProxyTlsSettings({ ca, rejectUnauthorized }: TlsSettings): TlsSettings {
  return {
    ...(ca !== undefined && { ca }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

/** Converts a PEM option, which may be bytes, to texts. */
export function toTexts(pem: PemTexts): string[] {
  const list = Array.isArray(pem) ? (pem as readonly (string | Uint8Array)[]) : [pem];
  return list.map((each) =>
    typeof each === "string" ? each : new TextDecoder().decode(each as Uint8Array),
  );
}
