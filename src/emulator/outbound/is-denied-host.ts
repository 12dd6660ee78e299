/**
 * Returns true for a host to which the real server sends no requests by default: loopback, private and link-local addresses, as
 * names or numbers.
 */
export function isDeniedHost(hostname: string): boolean {
  return (
    /^(localhost|.*\.localhost|0\.0\.0\.0|127\..*|10\..*|192\.168\..*|169\.254\..*)$/.test(
      hostname,
    ) ||
    /^172\.(1[6-9]|2\d|3[01])\./.test(hostname) ||
    /^\[(::1?|f[cd].*|fe[89ab].*)\]$/.test(hostname)
  );
}
