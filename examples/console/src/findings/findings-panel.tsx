import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { type Finding, lintOwner } from "zitadel-idp/forms";
import { useOwnerCalls } from "../owner/owner-context.js";

/** The severities with their labels, in the order of the list. */
const severities: readonly (readonly [Finding["severity"], string])[] = [
  ["broken", "Broken"],
  ["risk", "Risk"],
  ["expires", "Expires"],
  ["note", "Note"],
  ["unchecked", "Not checked"],
];

/** Lists the mistakes that ZITADEL accepts, such as a provider with which everybody can create an account. Uses the queries of the list. */
export function FindingsPanel(): ReactElement {
  const { owner, queries } = useOwnerCalls();
  const list = useQuery(queries.list(owner.kind === "org" ? { owner: "any" } : {}));
  const active = useQuery(queries.active());
  const all = list.data ?? [];
  const findings = lintOwner({
    owner: owner.kind === "org" ? { owner: "org", orgId: owner.id } : { owner: "instance" },
    providers: all.filter((provider) => provider.owner === owner.kind),
    instanceProviders:
      owner.kind === "org" ? all.filter((provider) => provider.owner === "instance") : [],
    offered: new Set(active.data?.ids),
    allowExternalIdp: undefined,
  });
  return (
    <section aria-labelledby="findings-heading">
      <h2 id="findings-heading">Findings</h2>
      {findings.length === 0 && <p className="help">No findings.</p>}
      <ul className="findings">
        {severities.flatMap(([severity, label]) =>
          findings
            .filter((finding) => finding.severity === severity)
            .map(({ check, provider, field, message, fix }) => (
              <li key={`${check} ${provider?.id ?? ""} ${field ?? ""} ${message}`}>
                <p>
                  <strong>{label}</strong>
                  {provider !== undefined && `, ${provider.name || provider.type}`}
                  {field !== undefined && `, ${field}`}: {message}.
                </p>
                <p className="help">{fix}.</p>
              </li>
            )),
        )}
      </ul>
    </section>
  );
}
