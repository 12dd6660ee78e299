import { isZitadelError, type ZitadelError } from "zitadel-idp";

/** Returns the error of a failed call. Throws if the call succeeds, or fails with an error of another type than ZitadelError. */
export async function failureOf(call: Promise<unknown>): Promise<ZitadelError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isZitadelError(error)) {
    throw new Error(`no ZitadelError: ${String(error)}`);
  }
  return error;
}
