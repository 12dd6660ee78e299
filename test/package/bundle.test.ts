import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Platform } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The file behind `#runtime`, by the conditions that a bundler sets. */
const runtimes: {
  name: string;
  conditions: string[];
  platform: Platform;
  runtime: string;
}[] = [
  { name: "browser", conditions: ["browser"], platform: "browser", runtime: "browser" },
  { name: "workerd", conditions: ["workerd"], platform: "neutral", runtime: "edge" },
  {
    name: "workerd, as wrangler has it",
    conditions: ["workerd", "worker", "browser"],
    platform: "browser",
    runtime: "edge",
  },
  { name: "edge-light", conditions: ["edge-light"], platform: "neutral", runtime: "edge" },
  { name: "react-native", conditions: ["react-native"], platform: "neutral", runtime: "edge" },
  { name: "none", conditions: [], platform: "neutral", runtime: "edge" },
];

const management = "dist/gen/zitadel/management_pb.js";
const admin = "dist/gen/zitadel/admin_pb.js";
const idp = "dist/gen/zitadel/idp_pb.js";
const message = "dist/gen/zitadel/message_pb.js";

/** The entries that run everywhere, and some of the descriptors that a bundle of each must and must not have. */
const entries: { entry: string; has: string[]; lacks: string[] }[] = [
  { entry: "zitadel-idp", has: [management, admin, idp, message], lacks: [] },
  { entry: "zitadel-idp/management", has: [management, idp], lacks: [admin] },
  { entry: "zitadel-idp/admin", has: [admin, idp], lacks: [management] },
  { entry: "zitadel-idp/idp", has: [idp, message], lacks: [management, admin] },
  { entry: "zitadel-idp/transport/json", has: [], lacks: [management, admin, idp] },
  { entry: "zitadel-idp/transport/grpc-web", has: [], lacks: [management, admin, idp] },
  { entry: "zitadel-idp/policy", has: [], lacks: [management, admin, idp] },
  { entry: "zitadel-idp/auth", has: [], lacks: [management, admin, idp] },
  { entry: "zitadel-idp/otel", has: [], lacks: [management, admin, idp] },
  { entry: "zitadel-idp/providers", has: [idp], lacks: [management, admin] },
];

interface Bundle {
  text: string;
  /** Every file that was inspected. */
  inputs: string[];
  /** Modules that stayed external. */
  imports: string[];
  /** The files of generated code of which something is left. */
  generated: string[];
}

/** The size in bytes by entry, under the condition browser. */
const sizes: Record<string, { minified: number; gzip: number }> = {};

afterAll(async () => {
  const { text } = await bundle("zitadel-idp", ["browser"], "browser", "{ createIdpClient }");
  sizes["zitadel-idp, createIdpClient alone"] = size(text);
  console.info(
    "bundles for a browser, in bytes (with every export of the entry, unless it says more):",
  );
  console.table(sizes);
});

describe.each(runtimes)("under the condition: $name", ({ name, conditions, platform, runtime }) => {
  describe.each(entries)("a bundle of $entry", ({ entry, has, lacks }) => {
    let bundled: Bundle;
    beforeAll(async () => {
      bundled = await bundle(entry, conditions, platform);
      if (name === "browser") {
        sizes[entry] = size(bundled.text);
      }
    });

    test("contains no code for Node.js", () => {
      expect(bundled.imports).toEqual([]);
      expect(bundled.inputs.filter((input) => /connect-node|undici/.test(input))).toEqual([]);
    });

    // The build rejects such code in merged files: tools/merge-modules.mjs.
    test("contains no code that only a server or a command line needs", () => {
      const own = bundled.inputs.filter((input) => input.startsWith("dist/"));
      expect(own).not.toEqual([]);
      expect(own.filter((input) => /emulator|cli\/|gen\/rules|validat/.test(input))).toEqual([]);
      expect(bundled.inputs.filter((input) => /commander/.test(input))).toEqual([]);
    });

    test("contains OAuth and JOSE only if it gets tokens with them", () => {
      const held = bundled.inputs.filter((input) => /\/(?:jose|oauth4webapi)\//.test(input));
      expect(held.length > 0).toBe(entry === "zitadel-idp/auth");
    });

    test("contains the descriptors it needs, and no others", () => {
      const { generated } = bundled;
      expect(generated).toEqual(expect.arrayContaining(has));
      expect(generated.filter((each) => lacks.includes(each))).toEqual([]);
    });

    if (entry === "zitadel-idp") {
      test("has the protocols of that runtime", () => {
        const files = ["browser", "edge", "node-bun-deno"].map(
          (each) => `dist/src/runtime/${each}.js`,
        );
        expect(bundled.inputs.filter((input) => files.includes(input))).toEqual([
          `dist/src/runtime/${runtime}.js`,
        ]);
      });
    }
  });
});

test("under the condition node, the root entry is a bundled one, with the HTTP clients", async () => {
  const { inputs, text } = await bundle("zitadel-idp", ["node"], "node");
  expect(inputs).toContain("dist/node/index.js");
  expect(inputs.filter((input) => !/^dist\/(?:node|cjs)\//.test(input))).toEqual([]);
  expect(text.includes('process?.getBuiltinModule?.("node:http2")')).toBe(true);
});

function size(text: string): { minified: number; gzip: number } {
  return { minified: Buffer.byteLength(text), gzip: gzipSync(text).byteLength };
}

async function bundle(
  entry: string,
  conditions: string[],
  platform: Platform,
  // Every export is used, so that nothing is removed before the inspection.
  names = "*",
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${names} from "${entry}";`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: "esm",
    platform,
    conditions,
    mainFields: ["module", "main"],
    // External, so that the test names these modules instead of failing to resolve them.
    external: [...builtinModules, "node:*"],
    logLevel: "silent",
  });
  const text = outputFiles[0]?.text ?? "";
  return {
    text,
    inputs: Object.keys(metafile.inputs).filter((input) => input !== "<stdin>"),
    imports: Object.values(metafile.outputs).flatMap((output) =>
      output.imports.map(({ path }) => path),
    ),
    generated: Object.values(metafile.outputs)
      .flatMap(({ inputs }) => Object.entries(inputs))
      .flatMap(([input, { bytesInOutput }]) =>
        input.startsWith("dist/gen/") && bytesInOutput > 0 ? [input] : [],
      ),
  };
}
