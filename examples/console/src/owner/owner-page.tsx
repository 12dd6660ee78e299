import { lazy, type ReactElement, Suspense, useState } from "react";
import type { IdpClient } from "zitadel-idp";
import { ProvidersPanel } from "../providers/providers-panel.js";
import { createOwnerCalls, OwnerContext } from "./owner-context.js";
import type { Owner } from "./owner.js";

/** The parts below the list of providers, loaded after it. */
const LoginPolicyPanel = lazy(async () => ({
  default: (await import("../policy/login-policy-panel.js")).LoginPolicyPanel,
}));

const FindingsPanel = lazy(async () => ({
  default: (await import("../findings/findings-panel.js")).FindingsPanel,
}));

/** Properties of `OwnerPage`. */
export interface OwnerPageProps {
  readonly zitadel: IdpClient;
  readonly owner: Owner;
}

/** Shows the providers and the login policy of one owner. */
export function OwnerPage({ zitadel, owner }: OwnerPageProps): ReactElement {
  // The page has a key of its own for each owner, so the owner stays the same.
  const [calls] = useState(() => createOwnerCalls(zitadel, owner));
  return (
    <OwnerContext value={calls}>
      <ProvidersPanel />
      <Suspense fallback={null}>
        <LoginPolicyPanel />
        <FindingsPanel />
      </Suspense>
    </OwnerContext>
  );
}
