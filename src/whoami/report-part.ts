import { ConnectError } from "@connectrpc/connect";
import { isZitadelError, type ZitadelError } from "../index.js";

/**
 * A part of the report.
 *
 * - `known`: the server returned it.
 * - `hidden`: the user lacks the permission `needs` to read it. This is not a failure.
 * - `failed`: the read failed for another reason.
 */
export type ReportPart<T> =
  | { readonly status: "known"; readonly value: T }
  | { readonly status: "hidden"; readonly needs: string }
  | { readonly status: "failed"; readonly error: ConnectError };

/** The ids of the errors for a user whose roles do not grant the permission, and for a user without any role. */
const missingRoleIds: readonly (string | undefined)[] = ["AUTH-5mWD2", "AUTHZ-cdgFk"];

/** Returns true if a call failed because its user lacks a role. */
export function isMissingRole(error: unknown): error is ZitadelError {
  return isZitadelError(error) && missingRoleIds.includes(error.id);
}

/** Waits for a read, and returns its result as a part. `needs` is the permission that the RPC requires, if any. */
export async function toPart<T>(read: Promise<T>, needs?: string): Promise<ReportPart<T>> {
  try {
    return { status: "known", value: await read };
  } catch (error) {
    if (needs !== undefined && isMissingRole(error)) {
      return { status: "hidden", needs };
    }
    if (error instanceof ConnectError) {
      return { status: "failed", error };
    }
    throw error;
  }
}

/** Returns the value of a part. Undefined if it is not known. */
export function getPartValue<T>(part: ReportPart<T>): T | undefined {
  return part.status === "known" ? part.value : undefined;
}
