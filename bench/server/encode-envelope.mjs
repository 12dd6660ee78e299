/** Returns the head that gRPC and gRPC-web put before each message: flags and length. */
export function encodeEnvelope(flags, message) {
  const head = Buffer.alloc(5);
  head[0] = flags;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
