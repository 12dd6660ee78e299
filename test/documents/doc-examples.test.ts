import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readSources } from "../../tools/structure.mjs";
import packageJson from "../../package.json" with { type: "json" };
import publicTypes from "../package/public-types.json" with { type: "json" };
import { compileSnippets, root, runSnippets, writeSnippets } from "../support/snippets.js";

/** An `@example` of a doc comment. */
interface Example {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

const sources: Record<string, string> = readSources(["src"]);

function readExamples(file: string, text: string): Example[] {
  return Array.from(text.matchAll(/@example\n((?: *\*(?!\/).*\n)+)/g), (match) => {
    const code = (match[1] ?? "").replaceAll(/^ *\* ?/gm, "").replaceAll(/^```.*\n/gm, "");
    return { file, line: text.slice(0, match.index).split("\n").length, code };
  });
}

/** The entries of the package, and the names of their values. */
const entries: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  await Promise.all(
    Object.keys(packageJson.exports)
      .filter((entry) => !entry.endsWith(".json"))
      .map(async (entry) => {
        const name = `zitadel-idp${entry.slice(1)}`;
        return [name, Object.keys((await import(name)) as object)] as const;
      }),
  ),
);

/** The modules of names that examples import from other packages. */
const otherModules: Readonly<Record<string, string>> = {
  createClient: "@connectrpc/connect",
  readFile: "node:fs/promises",
  useMutation: "@tanstack/react-query",
  useQuery: "@tanstack/react-query",
  useQueryClient: "@tanstack/react-query",
};

/** The modules of all names that examples may import, by name. A message of both services is that of the ManagementService. */
const modules = new Map([
  ...Object.entries(entries)
    .toReversed()
    .flatMap(([entry, names]) => names.map((name): [string, string] => [name, entry])),
  ...Object.entries(publicTypes).flatMap(([entry, names]) =>
    names.map((name): [string, string] => [name, `zitadel-idp${entry.slice(1)}`]),
  ),
  ...Object.entries(otherModules),
]);

/** The examples in files with a public export. Internal functions have examples too, which no reader of the package sees. */
const examples = Object.entries(sources)
  .filter(([, text]) =>
    Array.from(text.matchAll(/^export .*?\b(?:function|class|const|interface|type) (\w+)/gm)).some(
      ([, name = ""]) => modules.has(name),
    ),
  )
  .flatMap(([file, text]) => readExamples(file, text));

/** The values that a reader of an example has, with their types. */
const values = {
  app: "{ onError(handle: (error: Error, context: { json(body: object, status: number): Response }) => Response): void }",
  baseUrl: "string",
  bucket:
    "{ get(name: string): Promise<string | null>; put(name: string, text: string): Promise<void> }",
  clientId: "string",
  clientSecret: "string",
  desired: 'import("zitadel-idp/providers").DesiredState',
  error: "unknown",
  id: "string",
  key: "string",
  loadToken: "(options: { renew: boolean }) => Promise<string>",
  orgId: "string",
  path: "string",
  provider: 'import("zitadel-idp/providers").IdentityProvider',
  providers: 'import("zitadel-idp/providers").Providers',
  request: 'import("zitadel-idp/management").AddGoogleProviderRequest',
  response: 'import("zitadel-idp/management").GetProviderByIDResponse',
  showAtField: "(path: string, message: string) => void",
  standardSchemaResolver:
    '<T>(schema: import("@standard-schema/spec").StandardSchemaV1<unknown, T>) => { resolve: (value: unknown) => T }',
  store: 'import("zitadel-idp/providers").StateStore',
  text: "string",
  token: "string",
  transport: 'import("@connectrpc/connect").Transport',
  useForm: "<T>(options: { resolver: { resolve: (value: unknown) => T } }) => T",
  vault:
    "{ read(name: string, options: { signal: AbortSignal }): Promise<{ token: string; ttlSeconds: number }> }",
  zitadel: 'import("zitadel-idp").IdpClient',
};

/** Returns the words of a code, which may be names of it. */
function wordsOf(code: string): Set<string> {
  return new Set(code.match(/[A-Za-z]\w*/g));
}

/** Returns true for an example that declares all of its values, is no part of a function, and needs no file and no `@zitadel-idp/ui`. */
function needsNothing({ code }: Example): boolean {
  const words = wordsOf(code);
  const isDeclared = (name: string): boolean =>
    new RegExp(`const (?:\\{[^}]*)?\\b${name}\\b`).test(code);
  return ["readFile", "return", "ui", ...Object.keys(values)].every(
    (name) => !words.has(name) || isDeclared(name),
  );
}

/** Returns the imports that an example leaves out. */
function importsOf(code: string): string {
  const imports = [...wordsOf(code)].flatMap((name) => {
    const from = modules.get(name);
    return from === undefined ? [] : [`import { ${name} } from "${from}";`];
  });
  return imports.join("\n");
}

/** Returns the example as a module that compiles on its own. */
function toModule({ code }: Example): string {
  const words = wordsOf(code);
  const given = Object.entries(values).filter(([name]) => words.has(name));
  return `${importsOf(code)}
${given.map(([name, type]) => `declare const ${name}: ${type};`).join("\n")}
export async function example(): Promise<unknown> {
${code}return;
}
`;
}

describe("the examples of doc comments", () => {
  const folder = join(root, "dist", "examples-of-comments");
  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const example of examples) {
      const name = `${example.file.replace(/^src\//, "").replaceAll("/", "_")}-${example.line}`;
      writeFileSync(join(folder, `${name}.ts`), toModule(example));
    }
  });

  test("compile", () => {
    expect(examples.length).toBeGreaterThan(100);
    compileSnippets(folder, { noUnusedLocals: false, verbatimModuleSyntax: false });
  });

  test("run without an error, if they need only the package", async () => {
    const complete = examples.filter(needsNothing).map(({ code, file, line }, index) => ({
      name: `${file}:${line}`,
      file: `example-${index}`,
      // Any free port, because others may use this one.
      code: `${importsOf(code)}\n${code.replaceAll("port: 8080", "port: 0")}`,
    }));
    // Some examples leave a server open.
    const exit = { name: "exit", file: "exit", code: "process.exit(0);" };
    expect(complete.length).toBeGreaterThan(30);
    const runnable = await writeSnippets("run-examples-of-comments", [...complete, exit]);
    const outputs = await runSnippets(runnable, [...complete, exit]);
    const failed = complete.flatMap(({ name }, index) =>
      /^ {4}at /m.test(outputs[index] ?? "") ? [`${name}: ${outputs[index]}`] : [],
    );
    expect(failed).toEqual([]);
  });
});

describe("each public function has an example", () => {
  const functions = Object.entries(entries).flatMap(([entry, names]) =>
    names.flatMap((name): [string, string, string][] => {
      const declaration = new RegExp(`export (?:async )?function ${name}\\b`);
      const text = Object.values(sources).find((each) => declaration.test(each));
      return text === undefined ? [] : [[entry, name, text.slice(0, text.search(declaration))]];
    }),
  );

  test("in all entries with functions", () => {
    expect(functions.length).toBeGreaterThan(30);
  });

  test.each(functions)("%s: %s", (_entry, _name, before) => {
    const comment = before.slice(before.lastIndexOf("/**"));
    expect(comment).toContain("@example");
    expect(comment.trimEnd()).toMatch(/\*\/$/);
  });
});
