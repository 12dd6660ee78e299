import { isZitadelError, type ZitadelError } from "zitadel-idp";

/** Returns the ZitadelError of a failed call. Throws if the call succeeds, or fails with another error. */
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
