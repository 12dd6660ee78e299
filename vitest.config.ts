import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const src = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

/** The files that take longest, in the order in which they begin. */
const longest = [
  "emulator/hostile",
  "faults/campaign",
  "cli/emulator",
  "emulator/replay",
  "providers/crash",
  "providers/resolve-create",
  "emulator/wires-agree",
  "guides",
].map((name) => `/test/${name}.test.ts`);

/** Begins with what takes longest: at the end it would keep one core busy, and leave the others idle. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(name));
      return found < 0 ? longest.length : found;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- this is no array's
    const usual = await super.sort(files);
    return usual.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  resolve: {
    // Tests read the sources under the names that users import.
    alias: [
      { find: "#runtime", replacement: src("runtime/node.ts") },
      { find: "#http", replacement: src("transport/http/node.ts") },
      { find: "#failures", replacement: src("failures.ts") },
      { find: "#grpc-web", replacement: src("transport/grpc-web.ts") },
      { find: "#token-source", replacement: src("auth/create-token-source.ts") },
      { find: "#json-stream", replacement: src("transport/json-stream.ts") },
      { find: "#json-failure", replacement: src("transport/json-failure.ts") },
      { find: "#foreign", replacement: src("rest/foreign.ts") },
      { find: "#json", replacement: src("transport/json.ts") },
      { find: "#observe", replacement: src("policy/observe.ts") },
      { find: /^zitadel-idp$/, replacement: src("index.ts") },
      { find: /^zitadel-idp\/(management|admin|idp)$/, replacement: src("$1.ts") },
      { find: /^zitadel-idp\/(auth|policy|providers|emulator)$/, replacement: src("$1/index.ts") },
      {
        find: /^zitadel-idp\/transport\/(json|grpc|grpc-web)$/,
        replacement: src("transport/$1.ts"),
      },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // The main thread only waits, so there is no need to leave it a core.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
