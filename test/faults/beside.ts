import type { ApplyInProcess } from "./apply-run.js";
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
  readonly applyInProcess?: ApplyInProcess;
  readonly reportAs?: Vanishing["reportAs"];
}

export interface BesideFigures {
  readonly teams: TeamFigures;
  readonly vanishing: VanishingFigures;
}

/** Returns the amount that fits a campaign: about 4 % of its operations. */
export function besideFor(operations: number): BesideOptions {
  const processes = Math.max(2, Math.min(12, Math.round(operations / 800)));
  return {
    teams: Math.max(3, Math.min(6, Math.round(operations / 1500))),
    rounds: Math.max(1, Math.round(operations / 1000)),
    processes,
    operations: Math.max(12, Math.round((operations * 0.03) / processes)),
  };
}

/** Runs teams and vanishing packages, each for an organization of its own. */
export async function runBeside(
  { teams, rounds, processes, operations, applyInProcess, reportAs }: BesideOptions,
  organizations: readonly string[],
  side: Side,
): Promise<BesideFigures> {
  const figures = { teams: noTeamFigures(), vanishing: noVanishingFigures() };
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
    vanish(),
  ]);
  return figures;
}
