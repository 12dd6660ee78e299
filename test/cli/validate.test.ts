import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import type { FileFinding } from "../../src/cli/validate-file.js";
import type { FileProblem } from "../../src/cli/errors/file-error.js";
import { lintChecks } from "../../src/lint/lint-checks.js";
import { healthyEntries } from "../lint/healthy-entries.js";
import { applePrivateKey } from "../support/add-requests.js";
import { cli } from "../support/cli.js";

/** The `--json` output of the command. */
interface ValidationJson {
  readonly findings: readonly FileFinding[];
  readonly problems: readonly FileProblem[];
  readonly checked: number;
}

const secret = "planted-s3cret";
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string, name = "providers.yaml"): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function validateToJson(...args: string[]): Promise<ValidationJson> {
  const { stdout, stderr } = await cli(["validate", ...args, "--json"], {
    env: { SECRET: secret },
  });
  expect(stderr).toBe("");
  expect(stdout).not.toContain(secret);
  return JSON.parse(stdout) as ValidationJson;
}

/** Returns a file with one Google provider. The given lines begin at line 4, column 7. */
function google(...lines: string[]): string {
  return `organization:\n  providers:\n    - type: google\n${lines.map((line) => `      ${line}\n`).join("")}`;
}

const healthy = google(
  "name: Google",
  "clientId: g",
  "clientSecret: ${SECRET}",
  "options: { isLinkingAllowed: true }",
  "active: true",
);
const risky = google("clientId: g", "options: { isLinkingAllowed: true, isAutoCreation: true }");
const broken = google("clientId: g", "active: true");

describe("validate finds", () => {
  const planted = join(import.meta.dirname, "planted-mistakes.yaml");
  const mistakes = readFileSync(planted, "utf8")
    .split("\n")
    .flatMap((text, index) =>
      (text.split("# → ")[1]?.split(" | ") ?? []).map((mistake) => [mistake, index + 1] as const),
    );

  let results: ValidationJson;
  beforeAll(async () => {
    results = await validateToJson(planted);
  });

  test("each planted mistake at its line", () => {
    expect(mistakes.length).toBeGreaterThanOrEqual(40);
    const missed = mistakes.filter(
      ([mistake, line]) =>
        !results.findings.some((each) => each.check === mistake && each.line === line) &&
        !results.problems.some((each) => each.message.includes(mistake) && each.line === line),
    );
    expect(missed).toEqual([]);
  });

  test("at most notes besides the planted mistakes", () => {
    const names = (line: number): string[] =>
      mistakes.filter(([, each]) => each === line).map(([mistake]) => mistake);
    const findings = results.findings.filter(({ severity }) => severity !== "note");
    expect(findings.filter(({ check, line }) => !names(line).includes(check))).toEqual([]);
    const isPlanted = ({ message, line }: FileProblem): boolean =>
      names(line).some((mistake) => message.includes(mistake));
    expect(results.problems.filter((each) => !isPlanted(each))).toEqual([]);
    expect(results.checked).toBe(18);
  });

  test("only checks of the catalogue, each with a place and a fix", () => {
    for (const finding of results.findings) {
      expect(Object.keys(lintChecks)).toContain(finding.check);
      expect(finding).toMatchObject({ file: planted, column: expect.any(Number) as number });
      expect(finding.fix).not.toBe("");
    }
  });

  test.each([
    ["syntax", "organization: [\n", /^error: .*providers\.yaml:2:1: /],
    ["a wrong root", "- x\n", /^error: .*:1:1: must be an object with instance/],
    ["a misspelt owner", "organisation: {}\n", /:1:1: organisation: .*did you mean organization\?/],
    ["a misspelt list", "instance: { provider: [] }\n", /:1:13: instance\.provider: .*did you mean providers\?/],
    ["a URI of a name id format", "instance:\n  providers:\n    - { type: saml, name: s, metadataUrl: https://a.example, nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }\n", /:3:76: .*did you mean transient\?/],
  ])("a problem of %s", async (_, text, expected) => {
    const { status, stdout } = await cli(["validate", write(text)]);
    expect(status).toBe(1);
    expect(stdout).toMatch(expected);
  }); // prettier-ignore

  test("each value of a wrong type, one after the other", async () => {
    const file = write(`organizations:
  7: { providers: [{ type: constructor }, 5, { absent: maybe, type: google }] }
  8: { providers: [{ type: google, options: 3, clientId: [1] }, { instance: 0, active: {} }] }
  9: 5
instance: { providers: [{ type: ldap, name: "", servers: {}, attributes: [] }], prune: [] }
`);
    const { problems, checked } = await validateToJson(file);
    const places = problems.map(({ line, path }) => [line, path?.at(-1)]);
    expect(places).toEqual([
      [2, "type"], [2, 1], [2, 2], [2, "absent"],
      [3, "options"], [3, "clientId"], [3, 1], [3, "instance"], [3, "active"],
      [4, "9"],
      [5, "baseDn"], [5, "bindDn"], [5, "userBase"], [5, "userObjectClasses"], [5, "userFilters"],
      [5, "name"], [5, "servers"], [5, "attributes"], [5, "prune"],
    ]); // prettier-ignore
    expect(checked).toBe(6);
  });
});

describe("validate accepts", () => {
  test("healthy entries of all types, without a URL and a token", async () => {
    writeFileSync(join(folder, "apple.p8"), applePrivateKey);
    const providers = healthyEntries.map((each) => {
      const references = Object.entries(each).map(([name, value]) => [
        name,
        name === "clientSecret" || name === "bindPassword" ? "${SECRET}" : (value as unknown),
      ]);
      const key = each.type === "apple" ? { privateKey: { file: "apple.p8" } } : {};
      return { ...(Object.fromEntries(references) as object), ...key };
    });
    const file = write(stringify({ organization: { providers } }), "healthy.yaml");
    const { findings, problems, checked } = await validateToJson(file);
    expect(problems).toEqual([]);
    expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(checked).toBe(healthyEntries.length);
    const { status, stdout } = await cli(["validate", file, "--strict", "-q"], {
      env: { SECRET: secret },
    });
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^checked 24 entries: \d+ notes\n$/),
    ]);
  });

  test("several files and standard input", async () => {
    const env = { SECRET: secret };
    const file = write(healthy);
    const { status, stdout } = await cli(["validate", file, "-"], { env, stdin: healthy });
    expect([status, stdout]).toEqual([0, "checked 2 entries: no problems\n"]);
  });

  test("variables that a flag, the profile or their names allow", async () => {
    const text = google(
      "clientId: ${ZITADEL_IDP_VAR_ID}${A}${B}",
      "options: { isLinkingAllowed: true }",
    );
    const profiles = write(
      "profiles: { p: { url: https://z.example, allowEnv: [B] } }\n",
      "p.yaml",
    );
    const env = { ZITADEL_IDP_VAR_ID: "1", A: "2", B: "3" };
    const args = ["validate", write(text), "--allow-env", "A"];
    expect((await cli([...args, "--profiles", profiles, "--profile", "p"], { env })).status).toBe(
      0,
    );
    const { status, stdout } = await cli(args, { env });
    expect(status).toBe(1);
    expect(stdout).toContain("the variable B would be shown");
  });
});

describe("validate exits with", () => {
  test.each<[number, string, string, readonly string[]]>([
    [0, "nothing wrong", healthy, ["--strict"]],
    [0, "risks", risky, []],
    [2, "risks and --strict", risky, ["--strict"]],
    [1, "providers that are broken", broken, []],
    [1, "problems and --strict", google("clientId: 1"), ["--strict"]],
    [1, "a secret that is not set", healthy.replace("SECRET", "GONE"), []],
  ])("%d for %s", async (status, _, text, args) => {
    const env = { SECRET: secret };
    expect((await cli(["validate", write(text), ...args], { env })).status).toBe(status);
  });

  test("1 for a file that does not exist, for no file, and for two formats", async () => {
    const missing = await cli(["validate", join(folder, "gone.yaml")]);
    expect(missing).toMatchObject({ status: 1, stdout: "" });
    expect(missing.stderr).toMatch(/^error: cannot read the providers from .*gone\.yaml/);
    expect((await cli(["validate"])).stderr).toContain("missing required argument 'files'");
    const both = await cli(["validate", write(healthy), "--json", "--format", "github"]);
    expect(both.stderr).toContain("cannot be used with option '--json'");
  });
});

describe("--allow-missing-secrets", () => {
  test.each([
    ["an unset variable", "clientSecret: ${GONE}", {}],
    ["an empty variable", "clientSecret: ${GONE}", { GONE: "" }],
    ["a missing file", "clientSecret: { file: gone.txt }", {}],
    ["a file in a folder of an unset variable", "clientSecret: { file: '${GONE}/x' }", {}],
  ])("reports %s as not checked", async (_, line, env: Record<string, string>) => {
    const file = write(google("clientId: g", line, "options: { isLinkingAllowed: true }"));
    const args = ["validate", file, "--allow-missing-secrets", "--strict"];
    const { status, stdout } = await cli([...args, "--json"], { env });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      problems: [],
      findings: [
        {
          severity: "unchecked",
          check: "reference/not-resolved",
          owner: { owner: "org" },
          provider: { type: "google", name: "" },
          field: "clientSecret",
          line: 5,
        },
      ],
    });
    expect((await cli(["validate", file], { env })).status).toBe(1);
  });

  test.each([
    ["a literal secret", `clientSecret: ${secret}`],
    ["a reference that is incomplete", "clientSecret: { file: '${GONE' }"],
    ["a folder", "clientSecret: { file: . }"],
    ["a variable of a field that is not secret", "name: ${ZITADEL_IDP_VAR_GONE}"],
  ])("does not accept %s", async (_, line) => {
    const file = write(google("clientId: g", line));
    const { status, stdout } = await cli(["validate", file, "--allow-missing-secrets"]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^error: .*:5:\d+: /);
    expect(stdout).not.toContain(secret);
  });
});

describe("--format markdown", () => {
  test("prints a table with problems and findings, whose texts stay in their cells", async () => {
    const text = google('name: "a | b"', "clientId: changeme", "isAutoUpdate: true", "options: { isLinkingAllowed: true, isAutoUpdate: true }");
    const file = write(text, "table.yaml");
    const { status, stdout } = await cli(["validate", file, "--format", "markdown"]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^## ZITADEL identity providers\n\n\| Severity \| Check \| Place \| Finding \| Fix \|\n/);
    const rows = stdout.split("\n").filter((line) => /^\| (?:error|broken|note) /.test(line));
    expect(rows.map((row) => row.split(" ", 2)[1])).toEqual(["error", "broken", "note"]);
    expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual([7, 7, 7]);
    expect(stdout).toContain("checked 1 entry: 1 problem, 1 broken, 1 note.");
    const quiet = await cli(["validate", file, "--format", "markdown", "--quiet"]);
    expect(quiet.stdout).not.toContain("| note |");
    const annotations = await cli(["validate", file, "--format", "github", "--quiet"]);
    expect(annotations.stdout).not.toContain("::notice");
  }); // prettier-ignore
});

describe("--format github", () => {
  test("prints escaped workflow commands", async () => {
    const name = "a:b,c.yaml";
    const text = google('name: "50 % off"', "clientId: changeme", "isAutoUpdate: true", "options: { isLinkingAllowed: true, isAutoUpdate: true, isAutoCreation: true }");
    const { status, stdout } = await cli(["validate", write(text, name), "--format", "github"]);
    expect(status).toBe(1);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(4);
    const file = `file=${folder}/a%3Ab%2Cc.yaml`;
    expect(lines[0]).toMatch(/^::error file=[^,:]*,line=6,col=21,title=zitadel-idp validate::organization\.providers\[0\]\.isAutoUpdate: /);
    expect(lines[1]).toBe(
      `::error ${file},line=5,col=17,title=text/placeholder::google "50 %25 off": clientId: the value is a placeholder. Fix: replace clientId with the value that the provider issued`,
    );
    expect(lines[2]).toContain(`::notice ${file},line=7,col=`);
    expect(lines[3]).toContain(`::warning ${file},line=7,col=`);
  }); // prettier-ignore

  test("prints nothing if nothing is wrong, and no file for standard input", async () => {
    const env = { SECRET: secret };
    const args = ["validate", "-", "--format", "github"];
    expect((await cli(args, { env, stdin: healthy })).stdout).toBe("");
    const { stdout } = await cli(args, { stdin: broken });
    expect(stdout).toMatch(/^::error title=options\/nobody-can-enter::google: /);
  });
});

describe("plan and apply check the file before they connect, and", () => {
  // No program listens on port 1.
  const env = { ZITADEL_URL: "http://127.0.0.1:1", ZITADEL_TOKEN: "t", SECRET: secret };

  test.each(["plan", "apply"])("%s stops at problems", async (command) => {
    const file = write(google("clientId: 1"));
    const { status, stderr } = await cli([command, file, "--timeout", "1"], { env });
    expect([status, stderr]).toEqual([1, `error: ${file}:4:17: organization.providers[0].clientId: must be text\n`]);
  }); // prettier-ignore

  test.each(["plan", "apply"])("%s warns of risks and of broken providers", async (command) => {
    const file = write(broken);
    const args = [command, file, "--no-state", "--timeout", "1"];
    const { status, stderr } = await cli(args, { env });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^warning: .*providers\.yaml:3:7: google: options: .* \(options\/nobody-can-enter\)\n {2}fix: .*\nerror: /,
    );
    expect((await cli([...args, "--quiet"], { env })).stderr).toMatch(/^error: /);
    expect((await cli([...args, "--json"], { env })).stderr).toMatch(/^\{"error":/);
  });
});
