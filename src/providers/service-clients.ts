import type { Client } from "@connectrpc/connect";
import type { AdminService } from "../services/admin.js";
import type { ManagementService } from "../services/management.js";

/** A client of the ManagementService, of this package or of Connect's `createClient`. */
export type AnyManagementClient = Client<typeof ManagementService>;

/** A client of the AdminService, of this package or of Connect's `createClient`. */
export type AnyAdminClient = Client<typeof AdminService>;
