import type { resolveCreate } from "zitadel-idp/providers";
import type { ApplyInProcess } from "./apply-run.js";
import {
  type FixedPlan,
  type LostCreateFigures,
  loseCreates,
  noLostCreateFigures,
} from "./lost-creates.js";
import { noTeamFigures, type TeamFigures, workInTeam } from "./teams.js";
import type { Side } from "./side.js";
import {
  noVanishingFigures,
  runVanishing,
  type Vanishing,
  type VanishingFigures,
} from "./vanishing.js";

/** The amount of what goes on beside the workers. */
export interface BesideOptions {
  /** The number of teams that apply plans. Each has rounds of one or two runs. */
  readonly teams: number;
  readonly rounds: number;
  /** The number of processes whose package vanishes, and the calls of each. */
  readonly processes: number;
  readonly operations: number;
  /** The number of those who create providers and lose the responses, and the creates of each. Default: none. */
  readonly creators?: number;
  readonly creates?: number;
  readonly resolve?: typeof resolveCreate;
  readonly fixed?: FixedPlan;
  readonly applyInProcess?: ApplyInProcess;
  readonly reportAs?: Vanishing["reportAs"];
}

export interface BesideFigures {
  readonly teams: TeamFigures;
  readonly vanishing: VanishingFigures;
  readonly lostCreates: LostCreateFigures;
}

/** Returns the amount that fits a campaign: about 4 % of its operations, and 11 % of lost creates. */
export function besideFor(operations: number): BesideOptions {
  const creators = 6;
  const processes = Math.max(2, Math.min(12, Math.round(operations / 800)));
  return {
    teams: Math.max(3, Math.min(6, Math.round(operations / 1500))),
    rounds: Math.max(1, Math.round(operations / 1000)),
    processes,
    operations: Math.max(12, Math.round((operations * 0.03) / processes)),
    creators,
    creates: Math.max(2, Math.ceil((operations * 0.115) / creators)),
  };
}

/** Returns the number of organizations that `runBeside` needs. */
export function countOrganizations({ teams, processes, creators = 0 }: BesideOptions): number {
  return teams + processes + creators;
}

/** Runs teams, vanishing packages and lost creates, each for an organization of its own. */
export async function runBeside(
  options: BesideOptions,
  organizations: readonly string[],
  side: Side,
): Promise<BesideFigures> {
  const { teams, rounds, processes, operations, applyInProcess, reportAs } = options;
  const { creators = 0, creates = 0, resolve, fixed } = options;
  const figures = {
    teams: noTeamFigures(),
    vanishing: noVanishingFigures(),
    lostCreates: noLostCreateFigures(),
  };
  const orgId = (index: number): string => organizations[index] ?? "";
  const vanish = async (): Promise<void> => {
    for (let number = 0; number < processes; number++) {
      const task = { orgId: orgId(teams + number), number, operations, reportAs };
      await runVanishing(task, side, figures.vanishing);
    }
  };
  await Promise.all([
    ...Array.from({ length: teams }, (_, number) =>
      workInTeam({ orgId: orgId(number), number, rounds, applyInProcess }, side, figures.teams),
    ),
    ...Array.from({ length: creators }, (_, number) =>
      loseCreates(
        { orgId: orgId(teams + processes + number), number, creates, resolve, fixed },
        side,
        figures.lostCreates,
      ),
    ),
    vanish(),
  ]);
  return figures;
}
