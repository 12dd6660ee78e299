/** Returns a host name without the dot at its end, which means the same name. */
export function withoutFinalDot(hostname: string): string {
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}
