import type { IdpClient } from "../client.js";

/** The parts of a client that `diagnose` uses. */
export type DiagnoseClient = Pick<IdpClient, "management" | "admin" | "transport" | "withOrg">;
