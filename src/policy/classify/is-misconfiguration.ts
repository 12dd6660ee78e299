/** Returns true for error codes of a misconfiguration, which waiting does not fix. */
export function isMisconfiguration(code: string): boolean {
  return /^(?:ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|ENOTFOUND)/.test(code);
}
