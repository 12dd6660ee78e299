import { copyFile, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build, transform } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ProgramResult,
  installPacked,
  type PackageJson,
  type Project,
  readPackageJson,
  root,
  run,
} from "./install.js";
import publicNames from "./public-names.json" with { type: "json" };
import publicTypes from "./public-types.json" with { type: "json" };

let project: Project;
let packageJson: PackageJson;
beforeAll(async () => {
  project = await installPacked();
  packageJson = await readPackageJson(project.installed);
});
afterAll(() => project[Symbol.asyncDispose]());

describe("the packed package", () => {
  test("contains only the build, the license and the README", () => {
    const { files } = project;
    const places = files.map((path) => {
      const [top = "", ...below] = path.split("/");
      return top === "dist" ? `${top}/${below[0]}` : top;
    });
    expect([...new Set(places)].toSorted()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/THIRD-PARTY-LICENSES.txt",
      "dist/cjs",
      "dist/cjs-types",
      "dist/gen",
      "dist/node",
      "dist/providers.schema.json",
      "dist/src",
      "docs",
      "package.json",
    ]);
    expect(files.filter((path) => /\.map$|\/src\/cli\/|(?<!\.d)\.c?ts$/.test(path))).toEqual([]);
  });

  // The goal is 1 MB. What is above it is that our own code is readable: minified, the package would have 0.99 MB.
  test("has at most 1.1 MB packed and 5 MB unpacked", () => {
    expect(project.tarball.byteLength).toBeLessThanOrEqual(1_100_000);
    expect(project.unpackedSize).toBeLessThanOrEqual(5_000_000);
  });

  test("holds each file once: no compiled file that an entry does not reach, and no declaration in two equal copies", async () => {
    const texts = await Promise.all(
      project.files
        .filter((path) => /\.(?:c?js|d\.ts)$/.test(path))
        .map(
          async (path) => [path, await readFile(join(project.installed, path), "utf8")] as const,
        ),
    );
    const compiled = texts.filter(([path]) => /^dist\/(?:src|gen)\/.+\.js$/.test(path));
    const imported = new Set(
      compiled.flatMap(([path, text]) =>
        Array.from(text.matchAll(/\b(?:from |import |import\()"(\.[^"]+)"/g), ([, name = ""]) =>
          posix.join(posix.dirname(path), name),
        ),
      ),
    );
    const named = JSON.stringify([packageJson.exports, packageJson.imports]);
    expect(compiled.length).toBeGreaterThan(200);
    expect(
      compiled.flatMap(([path]) =>
        imported.has(path) || named.includes(`./${path}"`) ? [] : [path],
      ),
    ).toEqual([]);
    const declared = texts.filter(
      ([path, text]) => path.endsWith(".d.ts") && !text.includes("@connectrpc/connect"),
    );
    const lone = declared.filter(([, text]) => !/\b(?:from |import\()"\./.test(text));
    expect(lone.length).toBeGreaterThan(20);
    expect(new Set(lone.map(([, text]) => text)).size).toBe(lone.length);
  });

  test("installs only packages that the client needs, which need no others", async () => {
    const names = Object.keys(packageJson.dependencies ?? {});
    expect(names).toEqual([
      "@bufbuild/protobuf",
      "@connectrpc/connect",
      "jose",
      "oauth4webapi",
      "proxy-from-env",
    ]);
    const manifests = names.map((name) => readPackageJson(join(root, "node_modules", name)));
    const theirs = (await Promise.all(manifests)).map(({ dependencies = {} }) => dependencies);
    expect(theirs.flatMap((each) => Object.keys(each))).toEqual([]);
  });

  test("names each bundled package, with its version and the full text of its license", async () => {
    const file = join(project.installed, "dist", "THIRD-PARTY-LICENSES.txt");
    const [, ...licenses] = (await readFile(file, "utf8")).split(`${"-".repeat(80)}\n\n`);
    const packages = await bundledPackages();
    expect(packages).toEqual(expect.arrayContaining(["@bufbuild/protobuf", "jose", "yaml"]));
    const manifests = await Promise.all(
      packages.map((name) => readPackageJson(join(root, "node_modules", name))),
    );
    expect(licenses.map((text) => text.split("\n", 1)[0])).toEqual(
      manifests.map(({ version, license }, index) => `${packages[index]} ${version} (${license})`),
    );
    for (const [index, { license }] of manifests.entries()) {
      expect(licenses[index]).toContain("Copyright");
      const ids = license.match(/[\w.-]+/g)?.filter((word) => word !== "AND") ?? [];
      const wanted = ids.map((id) => licenseTexts[id]);
      expect(wanted, license).not.toContain(undefined);
      wanted.forEach((sentence) => expect(licenses[index]).toMatch(sentence ?? ""));
    }
  });

  test("holds each file that its README and its documents link to", async () => {
    // Its expressions look like links.
    const expressions = "docs/regular-expressions.md";
    const documents = project.files.filter((path) => path.endsWith(".md") && path !== expressions);
    expect(documents).toEqual(expect.arrayContaining(["README.md", "docs/providers.md"]));
    const missing: string[] = [];
    for (const document of documents) {
      const text = (await readFile(join(project.installed, document), "utf8")).replaceAll(
        /`[^`\n]*`/g,
        "",
      );
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
        const path = posix.join(posix.dirname(document), target);
        if (!project.files.includes(path)) {
          missing.push(`${document}: ${target}`);
        }
      }
    }
    expect(missing).toEqual([]);
  });

  test("can be bundled for browsers, entry by entry", async () => {
    const entries = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
      typeof target === "object" && "default" in target ? [`zitadel-idp${entry.slice(1)}`] : [],
    );
    expect(entries).toEqual(expect.arrayContaining(["zitadel-idp", "zitadel-idp/forms"]));
    await build({
      stdin: {
        contents: entries.map((entry) => `export * from ${JSON.stringify(entry)};`).join("\n"),
        resolveDir: project.directory,
      },
      bundle: true,
      platform: "browser",
      conditions: ["browser"],
      format: "esm",
      // The emulator loads its port with the first call of `listen`, which browsers never make.
      external: ["node:*"],
      logLevel: "silent",
      write: false,
    });
  });

  test("runs the emulator in a page, without the modules of Node.js", async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
const { url: baseUrl, token: auth, fetch } = createEmulator();
globalThis.result = (async () => {
  const { management, protocol } = createIdpClient({ baseUrl, auth, fetch });
  const { id } = await management.addGoogleProvider({ clientId: "c", clientSecret: "s" });
  const { result } = await management.listProviders({});
  const error = await management.getProviderByID({ id: "1" }).catch((thrown) => thrown);
  return [protocol, result.map((each) => each.id === id), error.id];
})();`,
        resolveDir: project.directory,
      },
      bundle: true,
      platform: "browser",
      conditions: ["browser"],
      format: "iife",
      external: ["node:*"],
      logLevel: "silent",
      write: false,
    });
    // Bundlers give pages a `process` with an environment only.
    const page = createContext({ ...pageGlobals, process: { env: {} } });
    runInContext(outputFiles[0]?.text ?? "", page);
    expect(await page["result"]).toEqual(["grpc-web", [true], "QUERY-SAFrt"]);
  });

  test("passes publint", async () => {
    const { buffer, byteOffset, byteLength } = project.tarball;
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test("exports the public names, no more and no fewer", async () => {
    const entries = Object.keys(packageJson.exports).filter((entry) => !entry.endsWith(".json"));
    await writeFile(
      join(project.directory, "names.mjs"),
      `const names = {};
for (const entry of ${JSON.stringify(entries)}) {
  names[entry] = Object.keys(await import("zitadel-idp" + entry.slice(1)));
}
console.log(JSON.stringify(names));
`,
    );
    const names = (await runJson("names.mjs")) as Record<string, string[]>;
    const { "./management": management, "./admin": admin, "./idp": idp, ...written } = names;
    expect(written).toEqual(publicNames);
    // These three hold generated code: a schema for each message, the enums, the descriptors of the files.
    expect(management).toEqual(
      expect.arrayContaining(["ManagementService", "createManagementClient"]),
    );
    expect(admin).toEqual(expect.arrayContaining(["AdminService", "createAdminClient"]));
    expect(idp).toEqual(expect.arrayContaining(["ProviderSchema", "ErrorDetailSchema"]));
    expect([management, admin, idp].map((each) => each?.length)).toEqual([108, 97, 68]);
  });
});

/** The globals of a page that a call to the emulator in the same page needs. */
const pageGlobals = {
  AbortController,
  AbortSignal,
  crypto,
  fetch,
  Headers,
  performance,
  queueMicrotask,
  ReadableStream,
  Request,
  Response,
  setTimeout,
  clearTimeout,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  atob,
  btoa,
};

/** A sentence from the end of the full text of each license, by the name of the license. */
const licenseTexts: Readonly<Record<string, RegExp>> = {
  "Apache-2.0": /END OF TERMS AND CONDITIONS/,
  "BSD-3-Clause": /EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE/,
  ISC: /PERFORMANCE OF\s+THIS SOFTWARE/,
  MIT: /DEALINGS IN\s+THE\s+SOFTWARE/,
};

/** Returns the packages that a bundle of all entries, all runtimes and the command consists of. */
async function bundledPackages(): Promise<string[]> {
  const entries = Object.values(packageJson.exports).flatMap((target) =>
    typeof target === "object"
      ? [target.require.default.replace(/^\.\/dist\/cjs\/(.+)\.cjs$/, "src/$1.ts")]
      : [],
  );
  const others = ["runtime/browser", "runtime/edge", "runtime/node-bun-deno", "cli/main"];
  const { metafile } = await build({
    entryPoints: [...entries, ...others.map((name) => `src/${name}.ts`)],
    absWorkingDir: root,
    outdir: "unused",
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    external: ["#runtime", ...Object.keys(packageJson.peerDependencies ?? {})],
    logLevel: "silent",
  });
  const names = Object.keys(metafile.inputs).flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  return [...new Set(names)].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Returns the names that the declarations of an entry export, including types. */
async function declaredNames(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8");
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = ""]) =>
    names.split(",").flatMap((name) => name.trim().replace(/^type |^.* as /, "") || []),
  );
  const declared = [
    ...text.matchAll(
      /^export (?:declare )?(?:abstract )?(?:class|const|function|interface|type) (\w+)/gm,
    ),
  ].map(([, name = ""]) => name);
  const reExported = [...text.matchAll(/^export \* from "(.+)\.js"/gm)].map(([, path = ""]) =>
    declaredNames(join(dirname(file), `${path}.d.ts`)),
  );
  // An overloaded function is declared several times.
  return [...new Set([...listed, ...declared, ...(await Promise.all(reExported)).flat()])];
}

test("the declarations export the public names and types, no more and no fewer", async () => {
  const { "./management": _m, "./admin": _a, "./idp": _i, ...written } = packageJson.exports;
  const names = Object.entries(written).flatMap(([entry, target]) =>
    typeof target === "object" ? [[entry, target.types] as const] : [],
  );
  const declared = names.map(async ([entry, file]) => [
    entry,
    (await declaredNames(join(root, file))).toSorted((a, b) => (a < b ? -1 : 1)),
  ]);
  expect(Object.fromEntries(await Promise.all(declared))).toEqual(publicTypes);
});

describe("a project that has the package installed", () => {
  const consumer = (name: string) => fileURLToPath(new URL(`consumer/${name}`, import.meta.url));
  beforeAll(async () => {
    for (const name of ["main.ts", "browser.ts"]) {
      await copyFile(consumer(name), join(project.directory, name));
    }
  });

  test.each([
    { name: "nodenext", file: "main.ts", module: "nodenext", types: ["node"] },
    { name: "bundler", file: "main.ts", module: "esnext", types: ["node"] },
    { name: "bundler, without Node.js", file: "browser.ts", module: "esnext", types: [] },
  ])(
    "type-checks strictly, with the types of its libraries: $name",
    async ({ name, file, module, types }) => {
      const config = `tsconfig.${name.replaceAll(/\W+/g, "-")}.json`;
      await writeFile(
        join(project.directory, config),
        JSON.stringify({
          compilerOptions: {
            target: "es2022",
            module,
            moduleResolution: module === "nodenext" ? "nodenext" : "bundler",
            types,
            strict: true,
            exactOptionalPropertyTypes: true,
            noUncheckedIndexedAccess: true,
            skipLibCheck: false,
            noEmit: true,
          },
          files: [file],
        }),
      );
      const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
      const tsc = join(dirname(manifest), "bin", "tsc");
      expect(await run(process.execPath, [tsc, "-p", config], project.directory)).toEqual({
        status: 0,
        stdout: "",
        stderr: "",
      } satisfies ProgramResult);
    },
  );

  test("calls an emulator over each wire", async () => {
    const { code } = await transform(await readFile(consumer("main.ts"), "utf8"), {
      loader: "ts",
      target: "node20",
    });
    await writeFile(join(project.directory, "main.js"), code);
    const round = {
      listed: [{ name: "Acme", state: "IDP_STATE_ACTIVE" }],
      onInstance: 0,
      missing: { code: "NotFound", ids: ["QUERY-SAFrt"] },
    };
    expect(await runJson("main.js")).toEqual({
      services: ["zitadel.management.v1.ManagementService", "zitadel.admin.v1.AdminService"],
      wires: [
        { ...round, protocol: "grpc" },
        { ...round, protocol: "grpc" },
        { ...round, protocol: "grpc-web" },
        { ...round, protocol: "json" },
      ],
      transports: [0, 0, 0, 0, 0, 0],
      production: {
        events: expect.arrayContaining([
          "ListProviders",
          "again after connection",
          "2 attempts",
          "AddGoogleProvider",
          "1 attempts",
        ]) as string[],
        reason: "connection",
        isConnectError: true,
      },
      functions: ["function", "function", "function", "function"],
      usePkce: true,
      state: "IDP_STATE_ACTIVE",
    });
  });

  test("gets the same functions and classes with require as with import", async () => {
    await writeFile(
      join(project.directory, "main.cjs"),
      `const entries = ${JSON.stringify(listEntries())};
(async () => {
  const names = {};
  for (const entry of entries) {
    const [required, imported] = [require(entry), await import(entry)];
    const own = Object.keys(required).filter((name) => required[name] === imported[name]);
    names[entry] = [own.length, Object.keys(required).length, Object.keys(imported).length];
  }
  console.log(JSON.stringify(names));
})();
`,
    );
    const counts = Object.entries((await runJson("main.cjs")) as Record<string, number[]>);
    expect(counts).toHaveLength(listEntries().length);
    expect(counts.filter(([, each]) => new Set(each).size > 1)).toEqual([]);
  });

  test("loads the optional peer dependency with one entry only, whose error names it if it is missing", async () => {
    await writeFile(
      join(project.directory, "without-peer.cjs"),
      `const failed = {};
for (const entry of ${JSON.stringify(listEntries())}) {
  try {
    require(entry);
  } catch ({ code, message }) {
    failed[entry] = [code, message];
  }
}
console.log(JSON.stringify(failed));
`,
    );
    const peer = join(project.directory, "node_modules", "@opentelemetry");
    await rename(peer, `${peer}-hidden`);
    try {
      expect(await runJson("without-peer.cjs")).toEqual({
        "zitadel-idp/otel": ["MODULE_NOT_FOUND", expect.stringContaining("@opentelemetry/api")],
      });
    } finally {
      await rename(`${peer}-hidden`, peer);
    }
  });

  test("recognizes the errors of the copy that bundlers for browsers take", async () => {
    await writeFile(
      join(project.directory, "copies.cjs"),
      `const { isZitadelError, ZitadelError, isOutcomeUnknown, ConnectError } = require("zitadel-idp");
(async () => {
  const { createIdpClient } = await import("./node_modules/zitadel-idp/dist/src/index.js");
  const client = createIdpClient({ baseUrl: "http://127.0.0.1:1", protocol: "json", retry: false });
  const error = await client.management.listProviders({}).catch((thrown) => thrown);
  console.log(JSON.stringify({
    isZitadelError: isZitadelError(error, 14),
    isInstance: error instanceof ZitadelError && error instanceof ConnectError,
    isOutcomeUnknown: isOutcomeUnknown(error),
    isOwnClass: error.constructor === ZitadelError,
  }));
})();
`,
    );
    expect(await runJson("copies.cjs", "--conditions=browser")).toEqual({
      isZitadelError: true,
      isInstance: true,
      isOutcomeUnknown: false,
      isOwnClass: false,
    });
  });

  test("gets a command that reports its version", async () => {
    const bin = packageJson.bin["zitadel-idp"] ?? "";
    const path = join(project.installed, bin);
    expect(await readFile(path, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(await run(process.execPath, [path, "--version"], project.directory)).toEqual({
      status: 0,
      stdout: `${packageJson.version}\n`,
      stderr: "",
    } satisfies ProgramResult);
  });

  test("has the version of the repository", async () => {
    expect(packageJson.version).toBe((await readPackageJson(root)).version);
  });
});

/** Returns the names under which users import the entries. */
function listEntries(): string[] {
  return Object.keys(packageJson.exports)
    .filter((entry) => !entry.endsWith(".json"))
    .map((entry) => `zitadel-idp${entry.slice(1)}`);
}

/** Runs a program of the project, and returns the JSON that it prints. */
async function runJson(file: string, ...flags: string[]): Promise<unknown> {
  const result = await run(process.execPath, [...flags, file], project.directory);
  expect(result, result.stderr).toMatchObject({ status: 0 });
  return JSON.parse(result.stdout);
}
