import type { CallOptions } from "@connectrpc/connect";
import { ConnectError } from "@connectrpc/connect";
import { type IdpClient, isZitadelError, type Protocol } from "../index.js";
import { createOperatorClient } from "../services/operator-client.js";

/** The result of a call over one wire protocol. */
export interface ProtocolReport {
  readonly protocol: Protocol;
  /** True for the wire protocol of the connection. */
  readonly inUse: boolean;
  /** True if ZITADEL answered, even with an error. */
  readonly getsThrough: boolean;
  /** The error of a call that did not reach ZITADEL. */
  readonly error?: ConnectError | undefined;
}

/** Makes a call over the wire protocol of a client, and reports if ZITADEL itself answered. */
export async function probeProtocol(
  client: IdpClient,
  protocol: Protocol,
  inUse: boolean,
  options: CallOptions,
): Promise<ProtocolReport> {
  try {
    await createOperatorClient(client.transport).auth.getMyUser({}, options);
    return { protocol, inUse, getsThrough: true };
  } catch (error) {
    if (!(error instanceof ConnectError)) {
      throw error;
    }
    return isFromZitadel(error)
      ? { protocol, inUse, getsThrough: true }
      : { protocol, inUse, getsThrough: false, error };
  }
}

/** Returns true for an error that only ZITADEL's API sends: one with an id, or the one for a call without a token. */
function isFromZitadel(error: ConnectError): boolean {
  return (
    isZitadelError(error) &&
    error.reason === undefined &&
    (error.id !== undefined || error.rawMessage === "auth header missing")
  );
}
