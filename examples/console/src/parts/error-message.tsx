import type { ReactElement } from "react";
import { isZitadelError } from "zitadel-idp";

/** Announces an error with its hint, or shows nothing without an error. */
export function ErrorMessage({ error }: { readonly error: unknown }): ReactElement | null {
  if (error === undefined || error === null) {
    return null;
  }
  const hint = isZitadelError(error) ? error.hint : undefined;
  return (
    <div className="error" role="alert">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {hint !== undefined && <p>{hint}</p>}
    </div>
  );
}
