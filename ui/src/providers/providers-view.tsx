import { type ReactElement, useMemo, useState } from "react";
import { createConsoleClient } from "../../../examples/console/src/connection/create-console-client.js";
import { OwnerPage } from "../../../examples/console/src/owner/owner-page.js";
import { OwnerSelect } from "../../../examples/console/src/owner/owner-select.js";
import { type Owner, toOwnerKey } from "../../../examples/console/src/owner/owner.js";
import { callsUrl } from "../control/control-client.js";

/** Shows the console of `examples/console`: the providers, the login policy and the findings of one owner. */
export function ProvidersView(): ReactElement {
  // The emulator accepts any token of the page, and carries out its calls as a user with all permissions.
  const zitadel = useMemo(() => createConsoleClient({ baseUrl: callsUrl, token: "page" }), []);
  const [owner, setOwner] = useState<Owner>({ kind: "org" });
  return (
    <>
      <OwnerSelect transport={zitadel.transport} owner={owner} onChange={setOwner} />
      <OwnerPage key={toOwnerKey(owner)} zitadel={zitadel} owner={owner} />
    </>
  );
}
