import type { DesiredState, PlanOptions, Progress } from "../../providers/index.js";
import { toDesiredOwners } from "../../providers/plan/desired/desired-state.js";
import { describeOwner } from "../../providers/plan/labels.js";
import type { CommandContext } from "../command-context.js";
import { createMetadataRefresh } from "../connection/create-metadata-refresh.js";
import { createStateFileStore } from "../documents/state-file-store.js";
import type { PlanInput } from "../read-plan-input.js";
import { secretFieldNames } from "../secret-field-names.js";
import { type PlanFileOptions, resolveStatePath } from "./plan-file-options.js";
import { readStateKey } from "./state-key.js";

/** Creates the options for `plan` and `apply` of the library. Prints a note if the run cannot compare secrets or prune. */
export async function createPlanOptions(
  context: CommandContext,
  file: string,
  { connection, desired, output }: PlanInput,
  options: PlanFileOptions,
): Promise<PlanOptions> {
  const key = readStateKey(context);
  const statePath = resolveStatePath(file, options);
  if ((key === undefined || statePath === undefined) && hasSecrets(desired)) {
    const missing = statePath === undefined ? "a state file" : "ZITADEL_IDP_STATE_KEY";
    output.note(
      `note: changed secrets are not detected without ${missing}. Secrets are sent only for new providers and with --rotate.`,
    );
  }
  if (statePath === undefined && hasPrune(desired)) {
    output.note(
      "note: prune has no effect without a state file, which lists the providers that apply created.",
    );
  }
  return {
    signal: context.signal,
    rotate: options.rotate,
    ...(options.refresh && { refresh: await createMetadataRefresh(context, connection) }),
    ...(statePath !== undefined && { state: { store: createStateFileStore(statePath), key } }),
    onProgress: ({ phase, owner, done, total }: Progress) =>
      output.progress(`${phaseTexts[phase]} ${describeOwner(owner)} (${done}/${total})`),
  };
}

const phaseTexts = { plan: "read", check: "checked", apply: "applying to" } as const;

function hasSecrets(desired: DesiredState): boolean {
  return toDesiredOwners(desired).some((owner) =>
    owner.desired.providers.some((each) =>
      Object.keys(each).some((name) => secretFieldNames.has(name)),
    ),
  );
}

function hasPrune(desired: DesiredState): boolean {
  return toDesiredOwners(desired).some((owner) => owner.desired.prune === true);
}
