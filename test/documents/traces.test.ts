import { expect, test } from "vitest";
import { run } from "../support/program.js";

const management = "zitadel.management.v1.ManagementService";

test("the example of traces prints the spans and the metrics of its calls", async () => {
  const { status, stdout, stderr } = await run("dist/examples/traces/main.js", []);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const names = stdout.split("\n").filter((line) => /^ *(?:CLIENT|INTERNAL) /.test(line));
  expect(names.map((line) => line.replace(/: ERROR .*/, ": ERROR"))).toEqual([
    "INTERNAL add a provider",
    `  CLIENT ${management}/AddGoogleProvider`,
    `    CLIENT Attempt ${management}/AddGoogleProvider`,
    `  CLIENT ${management}/DeleteProvider`,
    `    CLIENT Attempt ${management}/DeleteProvider: ERROR`,
    `    CLIENT Attempt ${management}/DeleteProvider`,
    `  CLIENT ${management}/GetProviderByID: ERROR`,
    `    CLIENT Attempt ${management}/GetProviderByID: ERROR`,
  ]);
  expect(stdout).toContain("zitadel.error.id QUERY-SAFrt");
  expect(stdout).toMatch(/^rpc\.client\.call\.duration \(s\)$/m);
  expect(stdout).toContain(`${management}/GetProviderByID NOT_FOUND: 1`);
  expect(stdout).not.toContain("the secret that no span shows");
});
