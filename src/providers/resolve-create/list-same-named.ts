import type { CallOptions } from "@connectrpc/connect";
import { type Provider, TextQueryMethod } from "../../services/idp.js";
import type { OwnerReads } from "../owner-reads.js";

/** Lists the owner's own providers with this stored name. Lags behind writes. */
export async function listSameNamed(
  reads: OwnerReads,
  name: string,
  options: CallOptions,
): Promise<Provider[]> {
  // The server finds nothing by an empty name.
  const filter = name === "" ? {} : { name: { text: name, method: TextQueryMethod.EQUALS } };
  const { result } = await reads.list({ ...filter, owner: reads.owner }, options);
  return result.map(({ provider }) => provider).filter((provider) => provider.name === name);
}
