import { methodsOfAdminService, methodsOfManagementService } from "../../gen/methods.js";
import { lazy, lazyClient } from "../call/lazy.js";
import type { Runtime } from "./runtime.js";

const management = lazy(() => import("../management.js"));
const admin = lazy(() => import("../admin.js"));

/**
 * Both services, each loaded with its first call. Decoding the descriptors would be most of the cost of importing the package,
 * and most programs use only one service.
 */
export const lazyServices: Runtime["services"] = {
  management: (transport) =>
    management.now?.createManagementClient(transport) ??
    lazyClient(methodsOfManagementService, async () =>
      (await management.load()).createManagementClient(transport),
    ),
  admin: (transport) =>
    admin.now?.createAdminClient(transport) ??
    lazyClient(methodsOfAdminService, async () =>
      (await admin.load()).createAdminClient(transport),
    ),
};
