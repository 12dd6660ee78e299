import { create } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import {
  type ListDetails,
  ListDetailsSchema,
  type ListQuery,
} from "../../../gen/zitadel/object_pb.js";
import { type Lookup, createLookupError } from "../errors/lookup-error.js";

/** The largest offset that the server's database accepts. */
const maxOffset = 2n ** 63n - 1n;

/**
 * Returns one page of `all` and the details of the list.
 *
 * The total is 0 for a page past the end, because the real server reads the count from the rows. Throws
 * the error of `lookup` for an offset that the database cannot read.
 */
export function createListPage<T>(
  all: readonly T[],
  query: ListQuery | undefined,
  viewTimestamp: Timestamp,
  lookup: Lookup = "providerList",
): { result: T[]; details: ListDetails } {
  const offset = Number(query?.offset ?? 0n);
  if (query !== undefined && query.offset > maxOffset) {
    throw createLookupError(lookup);
  }
  const limit = query?.limit || all.length;
  const result = all.slice(offset, offset + limit);
  const totalResult = result.length === 0 ? 0n : BigInt(all.length);
  return { result, details: create(ListDetailsSchema, { totalResult, viewTimestamp }) };
}
