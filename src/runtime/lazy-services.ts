import type { Transport } from "@connectrpc/connect";
import { methodsOfAdminService, methodsOfManagementService } from "../../gen/methods.js";
import { lazy, lazyClient } from "../call/lazy.js";
import type { AdminClient } from "../services/admin.js";
import type { ManagementClient } from "../services/management.js";

// Each service is loaded with its first call. Decoding the descriptors of one takes 18 to 30 ms, about half as long as importing the
// package, and most programs use only one service (`npm run bench`, Cold starts).
const management = lazy(() => import("../services/management.js"));
const admin = lazy(() => import("../services/admin.js"));

/** Creates the client of the ManagementService, which is loaded with its first call. */
export function createLazyManagementClient(transport: Transport): ManagementClient {
  return (
    management.now?.createManagementClient(transport) ??
    lazyClient(methodsOfManagementService, async () =>
      (await management.load()).createManagementClient(transport),
    )
  );
}

/** Creates the client of the AdminService, which is loaded with its first call. */
export function createLazyAdminClient(transport: Transport): AdminClient {
  return (
    admin.now?.createAdminClient(transport) ??
    lazyClient(methodsOfAdminService, async () => (await admin.load()).createAdminClient(transport))
  );
}
