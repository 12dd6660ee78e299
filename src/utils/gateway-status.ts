/**
 * Returns true for the statuses with which a proxy reports that it got no answer from the server behind it: 502 to 504, and
 * Cloudflare's own ones, 520 to 530.
 */
export function isGatewayStatus(status: number): boolean {
  return (status >= 502 && status <= 504) || (status >= 520 && status <= 530);
}
