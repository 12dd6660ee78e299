import type { CallOptions } from "@connectrpc/connect";
import { createIdpClient, type IdpClient, type IdpClientOptions, type Protocol } from "../index.js";
import { probeProtocol, type ProtocolReport } from "./probe-protocol.js";

/** One client for each wire protocol. */
interface ProtocolClients {
  /** The client over the wire protocol that the options select. */
  readonly used: IdpClient;
  of(protocol: Protocol): IdpClient;
  /** Makes a call over each wire protocol, all at the same time. */
  probe(options: CallOptions): Promise<ProtocolReport[]>;
  close(): Promise<void>;
}

/**
 * Creates a client for each wire protocol. They share the source of tokens, and so one token. Only the client in use retries:
 * wire protocols that do not get through are common, and would take seconds.
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
      // By force: after an abort, nobody waits for the calls.
      const open = [used, ...clients.values()].map((each) => each.close({ force: true }));
      await Promise.all(open);
    },
  };
}
