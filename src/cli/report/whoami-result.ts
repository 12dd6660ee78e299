import type { WhoamiReport } from "../../whoami/whoami.js";
import type { ConnectionConfig } from "../connection/connection-config.js";

/** The result of `whoami`, with the connection and the owner that it is about. */
export interface WhoamiResult {
  readonly connection: ConnectionConfig;
  readonly owner: "org" | "instance";
  readonly report: WhoamiReport;
}
