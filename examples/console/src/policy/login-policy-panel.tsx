import type { ReactElement } from "react";
import { useOwnerCalls } from "../owner/owner-context.js";
import { ErrorMessage } from "../parts/error-message.js";
import { hasUnknownSettings } from "./policy-settings.js";
import { useLoginPolicy } from "./use-login-policy.js";

/** Shows and changes the part of the owner's login policy that is about providers. */
export function LoginPolicyPanel(): ReactElement {
  const { owner } = useOwnerCalls();
  const { policy, isPending, error, allowExternalIdp, addOwn, reset } = useLoginPolicy();
  const isInherited = owner.kind === "org" && policy?.isDefault === true;
  const isLocked = isPending || policy === undefined || hasUnknownSettings(policy);
  return (
    <section aria-labelledby="policy-heading">
      <header className="section-header">
        <h2 id="policy-heading">Login policy</h2>
        {owner.kind === "org" && policy !== undefined && (
          <button type="button" disabled={isLocked} onClick={isInherited ? addOwn : reset}>
            {isInherited
              ? "Create a policy for this organization"
              : "Use the policy of the instance"}
          </button>
        )}
      </header>
      {policy === undefined ? (
        error === null && <p role="status">Loading …</p>
      ) : (
        <>
          <label className="check">
            <input
              type="checkbox"
              role="switch"
              checked={policy.allowExternalIdp}
              disabled={isInherited || isLocked}
              onChange={(event) => allowExternalIdp(event.target.checked)}
            />
            Allow sign-in with providers
          </label>
          <p className="help">{describePolicy(owner.kind, isInherited)}</p>
          {hasUnknownSettings(policy) && (
            <p className="help">
              The policy has settings that this page does not know and would lose. Change the policy
              in the console of ZITADEL.
            </p>
          )}
        </>
      )}
      <ErrorMessage error={error} />
    </section>
  );
}

function describePolicy(kind: "org" | "instance", isInherited: boolean): string {
  if (kind === "instance") {
    return "The policy of the instance. Organizations without a policy of their own inherit it.";
  }
  return isInherited
    ? "This organization inherits the policy of the instance. To choose providers here, create a policy for this organization: a copy, which later changes of the policy of the instance do not affect."
    : "This organization has a policy of its own.";
}
