import type { Socket } from "node:net";

/** Returns true if a connection comes from this machine. */
export function isLocalSocket(socket: Pick<Socket, "remoteAddress"> | undefined): boolean {
  const { remoteAddress = "" } = socket ?? {};
  return /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress);
}
