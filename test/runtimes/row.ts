import type { Protocol } from "zitadel-idp";
import type { Browsers } from "./browsers.js";
import type { Bundles } from "./bundles.js";
import type { Report, Setup } from "./program/driver.js";
import type { Project } from "./project.js";
import { startDriverServers, type Expected, listProblems } from "./driver-servers.js";

/** The context of a row. */
export interface Context {
  readonly project: Project;
  readonly bundles: Bundles;
  readonly browsers: Browsers;
}

/** A row of the table. */
export interface Row {
  /** The name of the row on the command line. */
  readonly id: string;
  readonly name: string;
  readonly usesChromium?: boolean;
  run(context: Context): Promise<Outcome>;
}

/** The result of a row. */
export interface Outcome {
  /** The version that was run. */
  readonly version: string;
  /** The protocol that `"auto"` selected. */
  readonly auto?: string;
  /** The protocols on which everything passed. */
  readonly wires?: readonly Protocol[];
  /** The checked property, for rows without protocols. */
  readonly scope?: string;
  readonly problems: readonly string[];
}

export { NotAvailableError } from "../support/not-available-error.js";

/** Runs the driver in a runtime, against servers of its own. */
export async function runDriver(
  { project }: Context,
  expected: Expected,
  run: (setup: Setup) => Promise<Report>,
): Promise<Omit<Outcome, "version">> {
  await using servers = await startDriverServers(project.createEmulator, expected);
  const report = await run(servers.setup);
  const failed = new Set(report.checks.map(({ wire, problem }) => problem && wire));
  return {
    auto: report.auto,
    wires: expected.wires.filter((wire) => !failed.has(wire)),
    problems: [...listProblems(report), ...servers.findProblems()],
  };
}
