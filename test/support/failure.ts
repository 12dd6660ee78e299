import { isZitadelError, type ZitadelError } from "zitadel-idp";

/** What a call failed with. Throws if it did not, or with something else than callers are promised. */
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
