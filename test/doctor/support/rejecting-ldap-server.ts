import { createServer } from "node:net";
import { listenOnLoopback } from "../../support/listen-on-loopback.js";

/** A server that answers every bind with one result. slapd cannot send the diagnostics of Active Directory. */
export interface RejectingServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts a server that answers every bind with a result code and a diagnostic. */
export async function startRejectingServer(
  code: number,
  diagnostic: string,
): Promise<RejectingServer> {
  const server = createServer((socket) => {
    socket.on("data", (request) => {
      // A message is a sequence of its id, an integer of one byte here, and the request.
      const id = request[4] ?? 0;
      const result = [
        encode(0x0a, [code]),
        encode(0x04, []),
        encode(0x04, [...Buffer.from(diagnostic)]),
      ];
      const response = encode(0x61, result.flat());
      socket.write(Buffer.from(encode(0x30, [...encode(0x02, [id]), ...response])));
    });
  });
  const { port, close } = await listenOnLoopback(server);
  return { url: `ldap://localhost:${port}`, [Symbol.asyncDispose]: close };
}

/** Encodes a value in BER, with a length of up to 255 bytes. */
function encode(tag: number, content: readonly number[]): number[] {
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return [tag, ...length, ...content];
}
