import { lazy, type ReactElement, Suspense, useState } from "react";
import type { IdpClient } from "zitadel-idp";
import { OwnerPage } from "./owner-page.js";
import { type Owner, toOwnerKey } from "./owner.js";

/** The choice of the owner, loaded while the providers of the first owner load. */
const OwnerSelect = lazy(async () => ({
  default: (await import("./owner-select.js")).OwnerSelect,
}));

/** Properties of `OwnerPages`. */
export interface OwnerPagesProps {
  readonly zitadel: IdpClient;
  readonly baseUrl: string;
  readonly onSignOut: () => void;
}

/** Shows the page of one owner, with a choice of the owner. */
export function OwnerPages({ zitadel, baseUrl, onSignOut }: OwnerPagesProps): ReactElement {
  const [owner, setOwner] = useState<Owner>({ kind: "org" });
  return (
    <>
      <header className="top">
        <h1>Identity providers</h1>
        <div className="owner-choice">
          <Suspense fallback={null}>
            <OwnerSelect transport={zitadel.transport} owner={owner} onChange={setOwner} />
          </Suspense>
        </div>
        <span className="instance">{new URL(baseUrl).host}</span>
        <button type="button" onClick={onSignOut}>
          Sign out
        </button>
      </header>
      <main>
        <OwnerPage key={toOwnerKey(owner)} zitadel={zitadel} owner={owner} />
      </main>
    </>
  );
}
