import type { CallOptions } from "@connectrpc/connect";
import { createIdpClient, type IdpClient, type IdpClientOptions, type Protocol } from "../index.js";
import { probeProtocol, type ProtocolReport } from "./probe-protocol.js";

/** One client for each wire protocol. */
interface ProtocolClients {
  /** The client whose wire protocol the options select. */
  readonly used: IdpClient;
  /** Returns the client of a wire protocol, or `used` if there is none. */
  of(protocol: Protocol): IdpClient;
  /** Makes a call over each wire protocol, all at the same time. */
  probe(options: CallOptions): Promise<ProtocolReport[]>;
  close(): Promise<void>;
}

/**
 * Creates a client for each wire protocol. The clients share one token source. Only the client in use retries: many networks block
 * some wire protocols, and retries on these would take seconds.
 */
export function createProtocolClients(
  options: IdpClientOptions,
  protocols: readonly Protocol[],
): ProtocolClients {
  const used = createIdpClient(options);
  const clients = new Map<Protocol, IdpClient>(
    protocols.map((protocol) => [
      protocol,
      protocol === used.protocol ? used : createIdpClient({ ...options, protocol, retry: false }),
    ]),
  );
  return {
    used,
    of: (protocol) => clients.get(protocol) ?? used,
    probe: async (callOptions) =>
      await Promise.all(
        [...clients].map(([protocol, client]) =>
          probeProtocol(client, protocol, client === used, callOptions),
        ),
      ),
    async close() {
      // Close by force: after an abort, nobody waits for the calls.
      const open = [used, ...clients.values()].map((each) => each.close({ force: true }));
      await Promise.all(open);
    },
  };
}
