import type { DescMethod } from "@bufbuild/protobuf";

/** Returns the name of an RPC with its service, e.g. `zitadel.management.v1.ManagementService/DeleteProvider`. */
export function rpcOf({ parent, name }: DescMethod): string {
  return `${parent.typeName}/${name}`;
}
