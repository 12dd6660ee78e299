import type { DescField } from "@bufbuild/protobuf";

/** Returns true for a field of a request that holds the id of an object. Such a field may be a part of the path. */
export function isIdField({ name }: DescField): boolean {
  return /^(?:id|idp_id|user_id|linked_user_id)$/.test(name);
}
