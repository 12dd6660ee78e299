import type { Protocol } from "zitadel-idp";
import type { Browsers } from "./browsers.js";
import type { Bundles } from "./bundles.js";
import type { Report, Setup } from "./program/driver.js";
import type { Project } from "./project.js";
import { createWorld, type Expected, problemsOf } from "./world.js";

/** What a row of the table is made with. */
export interface Context {
  readonly project: Project;
  readonly bundles: Bundles;
  readonly browsers: Browsers;
}

/** A row of the table. */
export interface Row {
  /** Its name on the command line. */
  readonly id: string;
  readonly name: string;
  readonly usesChromium?: boolean;
  run(context: Context): Promise<Outcome>;
}

/** What came of a row. */
export interface Outcome {
  /** Of what was run. */
  readonly version: string;
  /** The wire that `"auto"` chose. */
  readonly auto?: string;
  /** The wires on which all was well. */
  readonly wires?: readonly Protocol[];
  /** What was looked at where there are no wires. */
  readonly scope?: string;
  readonly problems: readonly string[];
}

/** Thrown where something cannot be run on this machine. */
export class NotHere extends Error {}

/** Lets a runtime run the driver against servers of its own. */
export async function driven(
  { project }: Context,
  expected: Expected,
  run: (setup: Setup) => Promise<Report>,
): Promise<Omit<Outcome, "version">> {
  await using world = await createWorld(project.createEmulator, expected);
  const report = await run(world.setup);
  const failed = new Set(report.checks.map(({ wire, problem }) => problem && wire));
  return {
    auto: report.auto,
    wires: expected.wires.filter((wire) => !failed.has(wire)),
    problems: [...problemsOf(report), ...world.problems()],
  };
}
