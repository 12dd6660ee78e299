import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { listSourceAliases } from "./tools/package-sources.mjs";

/**
 * Test files that replace clocks or modules, or measure their process: each gets a process of its own. All others share one
 * process per worker, which loads the sources once for all of them.
 *
 * Keep fake clocks out of shared processes: in a run that had them there, pauses of later files never ended. The cause is not known.
 */
const needsOwnProcess =
  /\bvi\.(?:mock|stub|useFakeTimers)|\bprocess\.(?:on\(|memoryUsage|getActive)/;

/**
 * The tests that have a command of their own, `npm run test:NAME`, because they are no unit tests and take up to four minutes each: the
 * console in a real browser; the snippets and guides of the documents, with the examples; the packed package; recordings of a real
 * server, replayed against the emulator and over other transports; secrets, which searches everything that calls write for planted
 * secrets; and faults, which are a short fault campaign, the check that it finds planted mistakes, floods of damaged requests, and
 * killed processes.
 */
const commands: Readonly<Record<string, readonly string[]>> = {
  console: ["console/**/*.test.ts"],
  documents: ["documents/**/*.test.ts"],
  faults: ["faults/**/*.test.ts", "emulator/hostile.test.ts", "providers/crash.test.ts"],
  package: ["package/**/*.test.ts"],
  recordings: [
    "emulator/replay.test.ts",
    "emulator/replay-saml-url.test.ts",
    "emulator/replay-transport.test.ts",
    "transport/foreign-transports.test.ts",
  ],
  secrets: ["secrets/**/*.test.ts"],
};
const inCommands = Object.values(commands).flat();
const isInCommand = (file: string): boolean =>
  inCommands.some((pattern) => file.startsWith(pattern.replace("**/*.test.ts", "")));

const testFolder = fileURLToPath(new URL("test", import.meta.url));
const isolated = readdirSync(testFolder, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".test.ts") && !isInCommand(file))
  .filter((file) => needsOwnProcess.test(readFileSync(join(testFolder, file), "utf8")))
  .map((file) => `test/${file}`);

/** The slowest files of each project, slowest first. */
const slowest = [
  "emulator/legacy-idps",
  "providers/resolve-create",
  "cli/misplaced-secrets",
  "cli/process",
  "doctor/ldap",
  "cli/doctor",
  "emulator/wires-agree",
  "doctor/tls",
  "policy/auth",
  "providers/lost-responses",
  "providers/plan",
  "providers/export",
  "providers/legacy-plan",
  "doctor/oidc",
  "cli/lock",
  "policy/errors",
  "cli/file-limits",
  "transport/answer-limits",
  "doctor/saml",
  "providers/scale",
  "policy/retry",
  "rest/json-codec",
  "transport/forward-proxy",
  "cli/whoami-protocols",
  "cli/emulator",
  "providers/update",
].map((name) => `/test/${name}.test.ts`);

/**
 * Starts the slowest files first, so that no core is idle at the end. Isolated files come before all others: a shared process
 * ends when the next file in the queue is isolated.
 */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification): number => {
      const found = slowest.findIndex((name) => moduleId.endsWith(name));
      const inProject = found < 0 ? slowest.length : found;
      return project.name === "isolated" ? inProject : inProject + slowest.length + 1;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- BaseSequencer.sort is not the method of arrays
    const usual = await super.sort(files);
    return usual.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {
    // Tests read the sources under the names that users import.
    alias: Object.entries(listSourceAliases()).map(([name, replacement]) => ({
      find: new RegExp(`^${name}$`),
      replacement,
    })),
  },
  test: {
    projects: [
      { extends: true, test: { name: "isolated", include: isolated } },
      ...Object.entries(commands).map(([name, patterns]) => ({
        extends: true as const,
        test: { name, include: patterns.map((pattern) => `test/${pattern}`) },
      })),
      {
        extends: true,
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: [
            ...isolated,
            ...inCommands.map((pattern) => `test/${pattern}`),
            "**/node_modules/**",
          ],
          isolate: false,
          setupFiles: ["test/support/settle-imports.ts"],
        },
      },
    ],
    globalSetup: ["test/support/global-setup.ts"],
    // Tests wait for a third of their time, for deadlines and for other processes. One more worker uses the cores meanwhile.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: SlowestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
