import type { Transport } from "@connectrpc/connect";
import type { Protocol } from "../call/protocol.js";
import type { AdminClient } from "../services/admin.js";
import type { ManagementClient } from "../services/management.js";
import type { OpenConnection } from "../transport/connection.js";

/**
 * The abilities of a JavaScript runtime. The conditions of `#runtime` in package.json select the file of one runtime at build time.
 * Each file also exports `createSend`, which creates the function that sends HTTP/1 requests. It is separate, so that a bundle with
 * one transport does not hold the services.
 */
export interface Runtime {
  /** The name of the runtime in error messages. */
  readonly name: string;
  /** The wire protocol that `protocol: "auto"` selects. */
  readonly defaultProtocol: Protocol;
  /** The wire protocols that the runtime supports. */
  readonly protocols: Readonly<Partial<Record<Protocol, OpenConnection>>>;
  /** Creates the client of the ManagementService, loaded now or with its first call. */
  createManagementClient(transport: Transport): ManagementClient;
  /** Creates the client of the AdminService, loaded now or with its first call. */
  createAdminClient(transport: Transport): AdminClient;
}
