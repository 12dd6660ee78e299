import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseYaml } from "../../src/cli/yaml/parse-yaml.js";
import { cli } from "../support/cli.js";
import { run } from "../support/program.js";

const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
const env = { ZITADEL_URL: "http://localhost:1", ZITADEL_TOKEN: "t", HOME: folder };
const socket = createServer();
beforeAll(async () => {
  execFileSync("mkfifo", [at("pipe")]);
  mkdirSync(at("folder"));
  await new Promise<void>((resolve) => socket.listen(at("socket"), resolve));
});
afterAll(() => {
  socket.close();
  rmSync(folder, { recursive: true, force: true });
});

function at(name: string): string {
  return join(folder, name);
}

function file(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

const repeat = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");
const mebibyte = 2 ** 20;
const tooDeep = "the file is nested deeper than the limit of 64 levels";

/** Documents that once took minutes to read, with the expected error of each. */
const bombs: Record<string, [text: string, message: string | RegExp]> = {
  "merges of merges": [
    `l0: &l0 { a: 1 }\n${repeat(40, (n) => `l${n + 1}: &l${n + 1} { <<: [*l${n}, *l${n}], b: 1 }`)}`,
    "1:1: l0: is not a known field",
  ],
  "merges of large maps": [
    `a: &a { ${repeat(5000, (n) => `k${n}: 1,`).replaceAll("\n", " ")} }\n${repeat(900, (n) => `m${n}: { <<: *a }`)}`,
    /1:1: the aliases expand the file to more than the limit of \d+ values/,
  ],
  "anchors without end": [
    repeat(20_000, (n) => `a${n}: &a${n} x`),
    "1:9: a0: is not a known field; known fields are instance, organization and organizations",
  ],
  "aliases without end": [
    `a: &a x\n${repeat(1001, (n) => `b${n}: *a`)}`,
    "1002:8: the file has more than the limit of 1000 aliases",
  ],
  "aliases of aliases": [
    `l0: &l0 [1]\n${repeat(9, (n) => `l${n + 1}: &l${n + 1} [${`*l${n},`.repeat(10)}]`)}`,
    /1:1: the aliases expand the file to more than the limit of \d+ values/,
  ],
  "aliases that nest": [
    `l0: &l0 [1]\n${repeat(999, (n) => `l${n + 1}: &l${n + 1} [*l${n}]`)}`,
    "the aliases of the file nest deeper than the limit of 64 levels",
  ],
  "lists in brackets": ["[".repeat(500_000), `1:66: ${tooDeep}`],
  "lists in lines": ["- ".repeat(500_000), `1:130: ${tooDeep}`],
  "maps in lines": [repeat(66, (n) => `${" ".repeat(n)}a:`), `65:67: ${tooDeep}`],
  "many names": [repeat(20_000, (n) => `k${n}: 1`), "1:5: k0: is not a known field"],
  "many mistakes": ["]".repeat(30_000), "1:1: Unexpected flow-seq-end token"],
  "many words": [
    "#\n".repeat(mebibyte / 2 - 1),
    "has more than the limit of 500000 words and signs",
  ],
  "a second document": ["a: 1\n---\nb: 1\n", "2:1: the file has a second document"],
  "one byte too many": [`#${"x".repeat(mebibyte)}`, "it is larger than the limit of 1 MiB"],
};

describe("a file with", () => {
  test.each(Object.entries(bombs))("%s is reported with its line", async (_, [text, message]) => {
    const path = file("bomb.yaml", text);
    const { status, stderr } = await cli(["plan", path], { env });
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toContain(path);
    // FileError reports at most 100 problems.
    expect(stderr.split("\n").length).toBeLessThan(110);
  });

  test.each(["merges of merges", "aliases of aliases", "lists in brackets", "one byte too many"])(
    "%s is rejected as a profile file, as a seed, and on standard input",
    async (name) => {
      const [text = ""] = bombs[name] ?? [];
      const path = file("bomb.yaml", text);
      for (const [args, stdin] of [
        [["plan", "-"], text],
        [["list", "--profile", "x", "--profiles", path], ""],
        [["emulator", "--port", "0", "--seed", path], ""],
      ] as const) {
        expect((await cli(args, { env, stdin })).status).toBe(1);
      }
    },
  );
});

test("a file of the size that people write is read: 2,000 providers, 1,000 aliases, 60 levels", () => {
  const provider = (n: number): string =>
    `    - { type: oidc, name: Provider ${n}, issuer: "https://a.example", clientId: "${n}", scopes: [openid, email], options: { isAutoUpdate: true, autoLinking: email } }`;
  const text = `x: ${"[".repeat(60)}${"]".repeat(60)}\na: &a x\nb: [${"*a,".repeat(1000)}]\norganization:\n  providers:\n${repeat(2000, provider)}`;
  expect(parseYaml("large.yaml", text).document.errors).toEqual([]);
});

/** The files that may never end, with the reason that the error gives. */
const endless = {
  "/dev/zero": "it is a device",
  pipe: "it is a pipe",
  socket: "it is a socket",
  folder: "it is a folder",
  "/proc/self/environ": "it is a file of the kernel",
};

/** All flags, arguments and fields that name files. */
const places: Record<string, (path: string) => string[]> = {
  "the file of plan": (path) => ["plan", path],
  "the file of apply": (path) => ["apply", path],
  "--file": (path) => ["add", "--file", path],
  "--plan": (path) => ["apply", file("ok.yaml", "organization: { providers: [] }"), "--plan", path],
  "--state": (path) => ["plan", file("ok.yaml", "organization: { providers: [] }"), "--state", path], // prettier-ignore
  "--token-file": (path) => ["list", "--token-file", path],
  "--key-file": (path) => ["list", "--key-file", path],
  "--client-secret-file": (path) => ["list", "--client-id", "c", "--client-secret-file", path],
  "--profiles": (path) => ["list", "--profile", "x", "--profiles", path],
  "--seed": (path) => ["emulator", "--port", "0", "--seed", path],
  "--set-file": (path) => ["add", "--type", "saml", "--set-file", `metadataXml=${path}`],
  "--secret-file": (path) => ["add", "--type", "google", "--secret-file", `clientSecret=${path}`],
  "a secret in a file": (path) => [
    "plan",
    file("secret.yaml", `organization: { providers: [{ type: google, clientId: c, clientSecret: { file: ${path} } }] }`), // prettier-ignore
  ],
  "a content in a file": (path) => [
    "plan",
    file("content.yaml", `organization: { providers: [{ type: saml, name: s, metadataXml: { file: ${path} } }] }`), // prettier-ignore
  ],
};

describe.each(Object.entries(places))("%s", (_, args) => {
  test.each(Object.entries(endless))("does not read %s", async (path, message) => {
    const { status, stderr } = await cli(args(path.startsWith("/") ? path : at(path)), { env });
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test("does not read more than its limit", async () => {
    const path = file("large", "");
    truncateSync(path, 16 * mebibyte + 1);
    const { status, stderr } = await cli(args(path), { env });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/it is larger than the limit of (1|16) MiB/),
    ]);
  });
});

test.each(["plan", "state"])(
  "a %s that is nested too deep is reported with its line",
  async (kind) => {
    const deep = file("deep.json", `{\n"version": ${"[".repeat(100)}`);
    const ok = file("ok.yaml", "organization: { providers: [] }");
    const { stderr } = await cli([kind === "plan" ? "apply" : "plan", ok, `--${kind}`, deep], {
      env,
    });
    expect(stderr).toContain(`deep.json:2:75: ${tooDeep}`);
  },
);

test("the content of a file that is not a plan or a state file is not repeated", async () => {
  const secret = file("token", "planted-s3cret\n");
  const ok = file("ok.yaml", "organization: { providers: [] }");
  for (const args of [
    ["apply", ok, "--plan", secret],
    ["plan", ok, "--state", secret],
  ]) {
    const { status, stderr } = await cli([...args, "--debug"], { env });
    expect([status, stderr]).toEqual([1, expect.stringContaining("is not JSON")]);
    expect(stderr).not.toContain("planted");
  }
});

test("the program itself ends at once", async () => {
  const merges = file("merges.yaml", bombs["merges of merges"]?.[0] ?? "");
  const zero = places["a secret in a file"]?.("/dev/zero") ?? [];
  for (const args of [["plan", merges], zero]) {
    expect((await run("dist/node/cli/main.js", args, env)).status).toBe(1);
  }
});
