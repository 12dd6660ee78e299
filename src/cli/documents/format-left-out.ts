import { describeProvider } from "../../providers/plan/labels.js";
import type { LeftOutProvider } from "../../providers/plan/export-owner.js";

/** Formats the legacy IDP that an export left out as one line of a list. */
export function formatLeftOut({ type, name, id, active }: LeftOutProvider): string {
  return `${describeProvider(type, name)} (${id})${active ? ", which the login page offers" : ""}`;
}

/** Formats the note about a legacy IDP that an export left out, as a warning if the login page offers it. */
export function formatLeftOutNote(provider: LeftOutProvider): string {
  return `${provider.active ? "warning" : "note"}: the file leaves out ${formatLeftOut(provider)}: plan and apply can only remove a legacy IDP`;
}
