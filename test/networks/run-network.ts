import type { Protocol } from "zitadel-idp";
import { outputOf } from "../runtimes/command.js";
import { NotAvailableError } from "../support/not-available-error.js";
import { type CellResult, type TokenKind, tokenKinds, wires } from "./cell-result.js";
import { impossibleCells } from "./impossible-cells.js";
import type { Network, OpenNetwork, ClientSetup } from "./network.js";
import type { Parts } from "./parts.js";
import type { CallerSetup } from "./program/caller.js";

/** A cell of the table: one wire protocol and one kind of token, in all setups of the network. */
export interface Cell extends CellResult {
  readonly status: "passed" | "not possible" | "FAILED";
}

/** A finished row. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly setting: string;
  readonly status: "passed" | "FAILED" | "not run";
  /** The settings of the clients that were tested. */
  readonly setups: readonly string[];
  readonly cells: readonly Cell[];
  readonly problems: readonly string[];
  /** The name of the program that this machine lacks. */
  readonly missing?: string | undefined;
  readonly seconds: number;
}

/** The compiled program, and the folder to run it in. */
export interface Caller {
  readonly directory: string;
  readonly program: string;
}

const limitMs = 120_000;

/** The result of one cell in one setup. */
interface SetupResult extends CellResult {
  readonly setup: string;
}

/** Runs all cells of a network. */
export async function runNetwork(
  { id, name, setting, open }: Network,
  createParts: () => Parts,
  caller: Caller,
): Promise<Row> {
  const started = performance.now();
  const finish = (rest: Pick<Row, "status" | "setups" | "cells" | "problems" | "missing">): Row => {
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    return { id, name, setting, ...rest, seconds };
  };
  try {
    await using parts = createParts();
    const network = await open(parts);
    const setups = network.setups.map((setup) => setup.name);
    const { cells, problems } = await callThrough(id, network, caller);
    const isFine = problems.length === 0 && cells.every(({ status }) => status !== "FAILED");
    return finish({ status: isFine ? "passed" : "FAILED", setups, cells, problems });
  } catch (error) {
    return error instanceof NotAvailableError
      ? finish({
          status: "not run",
          setups: [],
          cells: [],
          problems: [error.message],
          missing: error.program,
        })
      : finish({ status: "FAILED", setups: [], cells: [], problems: [String(error)] });
  }
}

async function callThrough(
  id: string,
  network: OpenNetwork,
  caller: Caller,
): Promise<{ cells: Cell[]; problems: string[] }> {
  const { server, setups } = network;
  const results: SetupResult[] = [];
  const problems: string[] = [];
  for (const setup of setups) {
    server.reset();
    const found = await runCaller(caller, network, setup);
    const passed = found.filter(({ problem }) => problem === undefined);
    problems.push(...server.problems(passed).map((problem) => `${setup.name}: ${problem}`));
    results.push(...found.map((each) => ({ ...each, setup: setup.name })));
  }
  problems.push(...((await network.findStrays?.()) ?? []));
  const cells = wires.flatMap((wire) =>
    tokenKinds.map((token) => {
      const inAllWays = results.filter((each) => each.wire === wire && each.token === token);
      return toCell(id, wire, token, inAllWays);
    }),
  );
  return { cells, problems };
}

/** Calls the API through a network in a process of its own, without the proxies of this machine. */
async function runCaller(
  { directory, program }: Caller,
  { server }: OpenNetwork,
  { options, tokenOptions, env }: ClientSetup,
): Promise<CellResult[]> {
  const setup: CallerSetup = {
    options,
    credentials: server.credentials,
    ...(tokenOptions && { tokenOptions }),
  };
  const inherited = Object.keys(process.env).filter((name) => /_proxy$|^npm_|^NODE_/i.test(name));
  const printed = await outputOf(process.execPath, [program, JSON.stringify(setup)], {
    cwd: directory,
    env: { ...Object.fromEntries(inherited.map((name) => [name, undefined])), ...env },
    limitMs,
  });
  return JSON.parse(printed) as CellResult[];
}

/** Compares the results of a cell with the expected ones: success, or the error of a cell that is not possible. */
function toCell(
  network: string,
  wire: Protocol,
  token: TokenKind,
  results: readonly SetupResult[],
): Cell {
  const impossible = impossibleCells.find(
    (each) => each.network === network && each.wire === wire && each.tokens.includes(token),
  );
  const isExpected = ({ problem }: SetupResult): boolean =>
    (problem && withoutPorts(problem)) === impossible?.message;
  const wrong = results.filter((each) => !isExpected(each));
  if (wrong.length > 0) {
    const texts = wrong.map(
      ({ setup, problem = "succeeded, but impossible-cells.ts expects an error" }) =>
        `${setup}: ${problem}`,
    );
    return { wire, token, status: "FAILED", problem: texts.join("\n") };
  }
  return impossible === undefined
    ? { wire, token, status: "passed" }
    : { wire, token, status: "not possible", problem: impossible.message };
}

/** Replaces the ports of addresses, which differ from run to run. */
function withoutPorts(text: string): string {
  return text.replace(/(?<=(?:localhost|127\.0\.0\.1|\.internal):)\d+/g, "PORT");
}
