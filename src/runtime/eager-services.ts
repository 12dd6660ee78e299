import { createAdminClient } from "../admin.js";
import { createManagementClient } from "../management.js";
import type { Runtime } from "./runtime.js";

/** Both services, loaded with the package. If code is loaded over a network, a first call must not wait for more of it. */
export const eagerServices: Runtime["services"] = {
  management: createManagementClient,
  admin: createAdminClient,
};
