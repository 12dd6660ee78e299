import { type ReactElement, useMemo, useState } from "react";
import { createConsoleClient } from "../../../examples/console/src/connection/create-console-client.js";
import { OwnerPage } from "../../../examples/console/src/owner/owner-page.js";
import { OwnerSelect } from "../../../examples/console/src/owner/owner-select.js";
import { type Owner, ownerKey } from "../../../examples/console/src/owner/owner.js";
import { callsUrl } from "../control/control-client.js";

/** Shows the console of `examples/console`: the providers, the login policy and the hints of one owner. */
export function ProvidersView(): ReactElement {
  // The emulator takes the calls of the page as those of a user with all permissions, with any token.
  const zitadel = useMemo(() => createConsoleClient({ baseUrl: callsUrl, token: "page" }), []);
  const [owner, setOwner] = useState<Owner>({ kind: "org" });
  return (
    <>
      <OwnerSelect transport={zitadel.transport} owner={owner} onChange={setOwner} />
      <OwnerPage key={ownerKey(owner)} zitadel={zitadel} owner={owner} />
    </>
  );
}
