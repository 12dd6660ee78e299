import { certificateNetworks } from "./certificates.js";
import { directNetworks } from "./direct.js";
import { frontNetworks } from "./fronts.js";
import { internalAddressNetworks } from "./internal-addresses.js";
import type { Network } from "./network.js";
import { proxyNetworks } from "./proxies.js";

/** All networks, in the order of the table. */
export const networks: readonly Network[] = [
  ...directNetworks,
  ...proxyNetworks,
  ...certificateNetworks,
  ...internalAddressNetworks,
  ...frontNetworks,
];
