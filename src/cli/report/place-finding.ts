import type { Finding } from "../../doctor/index.js";
import type { DesiredState } from "../../providers/index.js";
import { isDesiredProvider, splitEntry } from "../../providers/plan/desired/desired-entry.js";
import { toDesiredOwners } from "../../providers/plan/desired/desired-state.js";
import { isSameOwner, toOwnerPath } from "../../providers/plan/owner.js";
import type { ProviderFile } from "../documents/provider-file.js";
import type { FileProblem } from "../errors/file-error.js";

/** Returns the place of the field or the provider of a finding in a provider file. Undefined if the file has no such provider. */
export function placeFinding(
  { owner, provider, field, message }: Finding,
  { value, locate }: Pick<ProviderFile<DesiredState>, "value" | "locate">,
): FileProblem | undefined {
  const desired = toDesiredOwners(value).find((each) => isSameOwner(each.owner, owner))?.desired;
  const index =
    desired?.providers.findIndex(
      (entry) =>
        isDesiredProvider(entry) &&
        entry.type === provider?.type &&
        splitEntry(entry).name === provider.name,
    ) ?? -1;
  return index < 0
    ? undefined
    : locate({ path: [...toOwnerPath(owner), "providers", index, ...parseSteps(field)], message });
}

/** Parses a field in code notation into the steps of its path: `servers[0]` → `servers`, 0. */
function parseSteps(field = ""): (string | number)[] {
  return field
    .split(/[.[\]]+/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
