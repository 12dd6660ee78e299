import type { resolveCreate } from "zitadel-idp/providers";
import type { RunApply } from "./run-apply.js";
import {
  createLostCreateFigures,
  type FixedCreatePlan,
  type LostCreateFigures,
  loseCreates,
} from "./lost-creates.js";
import { type ApplyFigures, createApplyFigures, runApplyRounds } from "./apply-rounds.js";
import type { BackgroundContext } from "./background-context.js";
import {
  createDeletedPackageFigures,
  type DeletedPackageFigures,
  type DeletedPackageTask,
  runDeletedPackage,
} from "./deleted-package.js";

/** The amount of background work. Each part of it has an organization of its own. */
export interface BackgroundOptions {
  /** The number of organizations whose providers are applied from a file. */
  readonly applyOrganizations: number;
  /** The number of rounds for each of them. A round has one run of `apply`, or two at the same time. */
  readonly applyRounds: number;
  /** The number of processes whose package is deleted while they call. */
  readonly deletedPackages: number;
  readonly callsPerProcess: number;
  /** The number of organizations in which responses to creates are lost. Default: 0. */
  readonly createOrganizations?: number;
  /** The number of creates in each of them. Default: 0. */
  readonly createsPerOrganization?: number;
  readonly resolve?: typeof resolveCreate;
  readonly fixedPlan?: FixedCreatePlan;
  readonly runApply?: RunApply;
  readonly reportFailuresAs?: DeletedPackageTask["reportFailuresAs"];
}

export interface BackgroundFigures {
  readonly applies: ApplyFigures;
  readonly deletedPackages: DeletedPackageFigures;
  readonly lostCreates: LostCreateFigures;
}

/** Returns the amount of background work for a campaign: about 4 % of its operations, and 11 % of lost creates. */
export function planBackgroundWork(operations: number): BackgroundOptions {
  const createOrganizations = 6;
  const deletedPackages = Math.max(2, Math.min(12, Math.round(operations / 800)));
  return {
    applyOrganizations: Math.max(3, Math.min(6, Math.round(operations / 1500))),
    applyRounds: Math.max(1, Math.round(operations / 1000)),
    deletedPackages,
    callsPerProcess: Math.max(12, Math.round((operations * 0.03) / deletedPackages)),
    createOrganizations,
    createsPerOrganization: Math.max(2, Math.ceil((operations * 0.115) / createOrganizations)),
  };
}

/** Returns the number of organizations that `runBackgroundWork` needs. */
export function countBackgroundOrganizations({
  applyOrganizations,
  deletedPackages,
  createOrganizations = 0,
}: BackgroundOptions): number {
  return applyOrganizations + deletedPackages + createOrganizations;
}

/** Runs all background work at the same time, except that the processes with a deleted package run one after the other. */
export async function runBackgroundWork(
  options: BackgroundOptions,
  organizations: readonly string[],
  context: BackgroundContext,
): Promise<BackgroundFigures> {
  const { applyOrganizations, applyRounds: rounds, runApply } = options;
  const { deletedPackages, callsPerProcess: operations, reportFailuresAs } = options;
  const { createOrganizations = 0, createsPerOrganization: creates = 0 } = options;
  const { resolve, fixedPlan } = options;
  const figures: BackgroundFigures = {
    applies: createApplyFigures(),
    deletedPackages: createDeletedPackageFigures(),
    lostCreates: createLostCreateFigures(),
  };
  const orgId = (index: number): string => organizations[index] ?? "";
  const deletePackages = async (): Promise<void> => {
    for (let number = 0; number < deletedPackages; number++) {
      const task = {
        orgId: orgId(applyOrganizations + number),
        number,
        operations,
        reportFailuresAs,
      };
      await runDeletedPackage(task, context, figures.deletedPackages);
    }
  };
  await Promise.all([
    ...Array.from({ length: applyOrganizations }, (_, number) =>
      runApplyRounds({ orgId: orgId(number), number, rounds, runApply }, context, figures.applies),
    ),
    ...Array.from({ length: createOrganizations }, (_, number) =>
      loseCreates(
        {
          orgId: orgId(applyOrganizations + deletedPackages + number),
          number,
          creates,
          resolve,
          fixedPlan,
        },
        context,
        figures.lostCreates,
      ),
    ),
    deletePackages(),
  ]);
  return figures;
}
