import type { WhoamiReport } from "../../whoami/whoami.js";
import type { ConnectionConfig } from "../connection/connection-config.js";

/** The report of `whoami`, with the connection and the owner for which it was made. */
export interface WhoamiResult {
  readonly connection: ConnectionConfig;
  readonly owner: "org" | "instance";
  readonly report: WhoamiReport;
}
