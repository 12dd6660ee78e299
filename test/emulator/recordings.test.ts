import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { servedMethods } from "../../src/emulator/methods.js";
import { listRows, listSteps, type RecordedStep } from "../support/recordings.js";
import { knownDifferences, rpcsNotEmulated } from "./known-differences.js";
import {
  filesNotReplayed,
  namedStepRecordings,
  rowRecordings,
  rpcRecordings,
  transportRecordings,
} from "./replayed-recordings.js";

const replayed: Readonly<Record<string, number>> = {
  ...rpcRecordings,
  ...transportRecordings,
  ...namedStepRecordings,
};

const files = readdirSync(new URL("../recordings", import.meta.url)).map((file) =>
  file.replace(/\.json$/, ""),
);
const names = files.filter((name) => !(name in rowRecordings) && !(name in filesNotReplayed));

const listed = knownDifferences.flatMap(({ steps }) => steps);

/** Returns true if a step calls an RPC whose effect the replay achieves in another way. */
function isPreparation({ rpc }: RecordedStep): boolean {
  return rpc !== undefined && rpcsNotEmulated[rpc] !== undefined;
}

test("each recording is replayed, or listed with the reason for leaving it out", () => {
  const known = [replayed, rowRecordings, filesNotReplayed].flatMap((each) => Object.keys(each));
  expect(known.toSorted()).toEqual(files.toSorted());
});

test.each(Object.entries(rowRecordings))("each row of %s is compared", (name, count) => {
  expect(listRows(name)).toHaveLength(count);
});

describe.each(names)("the recording %s", (name) => {
  const steps = listSteps(name);

  test("has no step that is neither replayed nor listed as different", () => {
    const compared = steps.filter((step) => !isPreparation(step) && !isLeftOut(name, step));
    expect(compared).toHaveLength(replayed[name] ?? 0);
    const rpcs = compared.flatMap(({ rpc }) => rpc ?? []);
    expect(rpcs.filter((rpc) => !isServed(rpc))).toEqual([]);
  });
});

/** Returns true for a step that its test leaves out as different. The replays of RPCs and requests compare these steps too. */
function isLeftOut(name: string, step: RecordedStep): boolean {
  return name in namedStepRecordings && listed.includes(`${name}: ${step.name}`);
}

function isServed(rpc: string): boolean {
  const [service = "", method = ""] = rpc.split("/");
  return servedMethods.get(service)?.has(method) === true;
}

describe("the list of known differences", () => {
  test("has at most 5 rows", () => {
    expect(knownDifferences.length).toBeLessThanOrEqual(5);
  });

  test("names steps that exist", () => {
    const steps = names.flatMap((name) =>
      listSteps(name).flatMap((step) =>
        ["", " (json)", " (grpc)", " (grpc-web)"].map((end) => `${name}: ${step.name}${end}`),
      ),
    );
    // These two are properties of several steps, and of a recording without steps.
    const known = new Set([...steps, "saml-url: lengths", "http2-settings: upgradeH2c"]);
    expect(listed.filter((step) => !known.has(step))).toEqual([]);
  });

  test("names no step twice", () => {
    expect(new Set(listed).size).toBe(listed.length);
  });
});
