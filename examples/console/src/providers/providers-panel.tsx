import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactElement, Suspense, useEffect, useRef, useState } from "react";
import type { IdentityProvider } from "zitadel-idp/providers";
import { useOwnerCalls } from "../owner/owner-context.js";
import { ErrorMessage } from "../parts/error-message.js";
import { FilterBar } from "./filter-bar.js";
import { emptyFilter, filterProviders } from "./provider-filter.js";
import { ProviderRow } from "./provider-row.js";
import { findDisplayName } from "./type-label.js";

/** The dialogs, loaded when the user first opens one. */
const EditorDialog = lazy(async () => ({
  default: (await import("../form/editor-dialog.js")).EditorDialog,
}));

const DeleteDialog = lazy(async () => ({
  default: (await import("./delete-dialog.js")).DeleteDialog,
}));

/** The dialog that is open. */
type OpenDialog =
  | { readonly kind: "add" }
  | { readonly kind: "edit" | "delete"; readonly provider: IdentityProvider };

/** Lists the providers of the owner, and opens the dialogs that change them. */
export function ProvidersPanel(): ReactElement {
  const { owner, queries } = useOwnerCalls();
  const list = useQuery(queries.list(owner.kind === "org" ? { owner: "any" } : {}));
  const active = useQuery(queries.active());
  const [filter, setFilter] = useState(emptyFilter);
  const [dialog, setDialog] = useState<OpenDialog>();
  const [message, setMessage] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const providers = list.data ?? [];
  const activeIds = new Set(active.data?.ids);
  const shown = filterProviders(providers, activeIds, filter);

  useEffect(() => {
    // The button that opened a dialog is gone after a deletion, and the focus with it.
    if (dialog === undefined && message !== "" && document.activeElement === document.body) {
      heading.current?.focus();
    }
  }, [dialog, message]);

  function finish(text: string): void {
    setDialog(undefined);
    setMessage(text);
  }

  return (
    <section aria-labelledby="providers-heading">
      <header className="section-header">
        <h2 id="providers-heading" ref={heading} tabIndex={-1}>
          Providers
        </h2>
        <button type="button" className="primary" onClick={() => setDialog({ kind: "add" })}>
          Add a provider
        </button>
      </header>
      <FilterBar
        filter={filter}
        types={[...new Set(providers.map(({ type }) => type))].toSorted()}
        hasOwners={owner.kind === "org"}
        onChange={setFilter}
      />
      <p role="status" className="help">
        {message}
      </p>
      <p aria-live="polite" className="help">
        {list.isPending ? "Loading …" : `${shown.length} of ${providers.length} providers`}
      </p>
      {active.data?.isInherited === true && (
        <p className="help">
          This organization inherits its login policy, so the switches are locked. Create a policy
          for it below to use them.
        </p>
      )}
      <ErrorMessage error={list.error ?? active.error} />
      <ul className="providers" aria-busy={list.isPending || active.isPending}>
        {shown.map((provider) => (
          <ProviderRow
            key={provider.id}
            provider={provider}
            active={active.data}
            onEdit={() => setDialog({ kind: "edit", provider })}
            onDelete={() => setDialog({ kind: "delete", provider })}
          />
        ))}
      </ul>
      <Suspense fallback={null}>
        {dialog?.kind === "delete" && (
          <DeleteDialog
            provider={dialog.provider}
            onClose={() => setDialog(undefined)}
            onDeleted={() => finish(`Deleted ${findDisplayName(dialog.provider)}.`)}
          />
        )}
        {(dialog?.kind === "add" || dialog?.kind === "edit") && (
          <EditorDialog
            provider={dialog.kind === "edit" ? dialog.provider : undefined}
            onClose={() => setDialog(undefined)}
            onSaved={(provider) => finish(`Saved ${findDisplayName(provider)}.`)}
          />
        )}
      </Suspense>
    </section>
  );
}
