import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CommandContext } from "../../src/cli/command-context.js";
import { FileError } from "../../src/cli/errors/file-error.js";
import { readDesiredState } from "../../src/cli/documents/provider-file.js";
import type { DesiredState } from "../../src/providers/index.js";

const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const secret = "planted-s3cret";
writeFileSync(join(folder, "secret.txt"), `${secret}\n`);
writeFileSync(join(folder, "windows.txt"), `\ufeff${secret}\r\n`);
writeFileSync(join(folder, "lines.txt"), `${secret}\n\n`);
writeFileSync(join(folder, "metadata.xml"), "<xml/>\n");
writeFileSync(join(folder, "binary.der"), Buffer.from([0xff, 0xfe]));

const env = {
  SECRET: secret,
  HOST: "a.example",
  EMPTY: "",
  FOLDER: folder,
  ZITADEL_IDP_VAR_A: "a",
};

async function read(text: string, name = "providers.yaml"): Promise<DesiredState> {
  const file = join(folder, name);
  writeFileSync(file, text);
  return (await readDesiredState({ env } as unknown as CommandContext, file, ["HOST", "EMPTY"]))
    .value;
}

async function problems(text: string): Promise<string[]> {
  const error = await read(text).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FileError);
  const { lines, message } = error as FileError;
  expect(message).not.toContain("planted");
  return lines.map((line) => line.replace(join(folder, "providers.yaml:"), ""));
}

/** Returns a file with one Google provider. The given lines begin at line 4, column 7. */
function google(...lines: string[]): string {
  return `organization:\n  providers:\n    - type: google\n${lines.map((line) => `      ${line}\n`).join("")}`;
}

describe("a file of providers", () => {
  test.each([
    ["a variable for a secret", "clientSecret: ${SECRET}", { clientSecret: secret }],
    ["a file for a secret", "clientSecret: { file: secret.txt }", { clientSecret: secret }],
    [
      "a file from Windows for a secret",
      "clientSecret: { file: windows.txt }",
      { clientSecret: secret },
    ],
    [
      "a file for a secret of which one line break is removed",
      "clientSecret: { file: lines.txt }",
      { clientSecret: `${secret}\n` },
    ],
    [
      "an absolute path",
      "clientSecret: { file: '${FOLDER}/secret.txt' }",
      { clientSecret: secret },
    ],
    ["a variable within text", "name: at ${HOST}:8080", { name: "at a.example:8080" }],
    ["a variable with the prefix for provider files", "name: ${ZITADEL_IDP_VAR_A}", { name: "a" }],
    ["an empty variable", "name: x${EMPTY}", { name: "x" }],
    ["an escaped reference", "name: $${HOST} and $$${HOST}", { name: "${HOST} and $${HOST}" }],
    ["dollars", "name: $HOST $ $$ {HOST}", { name: "$HOST $ $$ {HOST}" }],
    ["an id in quotes", 'id: "69629023906488334"', { id: "69629023906488334" }],
    ["a block of text", "name: |-\n        a\n        b", { name: "a\nb" }],
  ])("may have %s", async (_, line, expected) => {
    const { organization } = await read(google("clientId: c", line));
    expect(organization?.providers[0]).toEqual({ type: "google", clientId: "c", ...expected });
  });

  test("may have metadata and certificates in files", async () => {
    const { instance } = await read(
      `instance: { providers: [
         { type: saml, name: s, metadataXml: { file: metadata.xml } },
         { type: ldap, name: l, servers: ["ldap://a"], baseDn: b, bindDn: b, userBase: u, userObjectClasses: [o], userFilters: [f], rootCa: { file: binary.der } } ] }`,
    );
    expect(instance?.providers).toMatchObject([
      { metadataXml: "<xml/>\n" },
      { rootCa: "base64://4=" },
    ]);
  });

  test("may begin with a byte order mark, and is rejected if it is UTF-16", async () => {
    await expect(
      read(`\ufeff${google("name: G", "clientId: c", "clientSecret: ${SECRET}")}`),
    ).resolves.toMatchObject({
      organization: { providers: [{ name: "G" }] },
    });
    const file = join(folder, "utf-16.yaml");
    writeFileSync(
      file,
      Buffer.from(
        `\ufeff${google("name: G", "clientId: c", "clientSecret: ${SECRET}")}`,
        "utf16le",
      ),
    );
    await expect(readDesiredState({ env } as unknown as CommandContext, file, [])).rejects.toThrow(
      /utf-16\.yaml" is UTF-16, .*: save the file as UTF-8/,
    );
  });

  test("may be JSON, indented with tabs", async () => {
    const text =
      '{\n\t"organization": {\n\t\t"providers": [],\n\t\t"prune": true\n\t},\n\t"$schema": "x"\n}\n';
    expect(await read(text, "a.json")).toEqual({ organization: { providers: [], prune: true } });
  });

  test("may have anchors, aliases and merge keys", async () => {
    const { organizations } = await read(`
organizations:
  69629023906488334: &all
    providers:
      - &base { type: google, name: One, clientId: c, scopes: &scopes [openid], options: { isAutoUpdate: true } }
      - { <<: *base, name: Two }
      - { name: Three, <<: [{ type: google, clientId: d }, *base] }
      - { type: github, clientId: h, scopes: *scopes }
  "69629023906488335": *all
`);
    // The id has more digits than a number can hold exactly.
    expect(Object.keys(organizations ?? {})).toEqual(["69629023906488334", "69629023906488335"]);
    const [first, second] = Object.values(organizations ?? {});
    expect(second).toEqual(first);
    expect(first?.providers).toMatchObject([
      { name: "One" },
      { name: "Two", clientId: "c", scopes: ["openid"] },
      { name: "Three", clientId: "d", options: { isAutoUpdate: true } },
      { type: "github", scopes: ["openid"] },
    ]);
  });
});

const literalSecret = "clientSecret: the file must not contain a secret itself: write ${NAME} for an environment variable, or { file: path }"; // prettier-ignore
const at = "organization.providers[0]";

describe("a file reports with line and column:", () => {
  test.each([
    [
      "a literal secret",
      google("clientId: c", `clientSecret: ${secret}`),
      [`5:21: ${at}.${literalSecret}`],
    ],
    [
      "text around a variable",
      google("clientId: c", "clientSecret: a${SECRET}"),
      [`5:21: ${at}.${literalSecret}`],
    ],
    ["no secret at all", google("clientId: c", "clientSecret:"), [`5:20: ${at}.${literalSecret}`]],
    [
      "a list of secrets",
      google("clientId: c", "clientSecret: [planted]"),
      [`5:7: ${at}.${literalSecret}`],
    ],
    [
      "a number for a secret",
      google("clientId: c", "clientSecret: 12345"),
      [`5:21: ${at}.${literalSecret}`],
    ],
    [
      "a secret behind an alias",
      google(`clientId: &c ${secret}`, "clientSecret: *c"),
      [`4:20: ${at}.${literalSecret}`],
    ],
    [
      "an object that is not a file reference",
      google("clientId: c", "clientSecret: { path: x }"),
      [`5:21: ${at}.clientSecret: must be text, or { file: path } and nothing else`],
    ],
    [
      "a missing file",
      google("clientId: c", "clientSecret: { file: gone }"),
      [`5:21: ${at}.clientSecret: cannot read the file "gone": it does not exist`],
    ],
    [
      "a folder",
      google("clientId: c", "clientSecret: { file: . }"),
      [`5:21: ${at}.clientSecret: cannot read the file ".": it is a folder`],
    ],
    [
      "a variable that is not set",
      google("clientId: ${GONE}"),
      [
        `4:17: ${at}.clientId: the environment variable GONE is not set; write $\${ for a literal \${`,
      ],
    ],
    [
      "a variable that is not allowed",
      google("clientId: x${SECRET}"),
      [
        `4:17: ${at}.clientId: the variable SECRET would be shown, because this field is not secret: allow that with --allow-env SECRET, or write $\${ for a literal \${`,
      ],
    ],
    [
      "a variable that is not allowed in a list",
      google("clientId: c", "scopes: ['${SECRET}']"),
      [
        `5:16: ${at}.scopes[0]: the variable SECRET would be shown, because this field is not secret: allow that with --allow-env SECRET, or write $\${ for a literal \${`,
      ],
    ],
    [
      "an empty variable for a secret",
      google("clientId: c", "clientSecret: ${EMPTY}"),
      [`5:21: ${at}.clientSecret: the variable EMPTY is set but empty`],
    ],
    [
      "a missing file whose path is a variable",
      google("clientId: c", 'clientSecret: { file: "${SECRET}" }'),
      [`5:21: ${at}.clientSecret: cannot read the file "\${SECRET}": it does not exist`],
    ],
    [
      "a device",
      google("clientId: c", "clientSecret: { file: /dev/zero }"),
      [
        `5:21: ${at}.clientSecret: cannot read the file "/dev/zero": it is a device, and only regular files are read`,
      ],
    ],
    [
      "the environment as a file",
      google("clientId: c", "clientSecret: { file: /proc/self/environ }"),
      [
        `5:21: ${at}.clientSecret: cannot read the file "/proc/self/environ": it is a file of the kernel, and only regular files are read`,
      ],
    ],
    [
      "an incomplete reference",
      google("clientId: ${a-b}"),
      [
        `4:17: ${at}.clientId: \${ must be followed by the name of a variable and }; write $\${ for a literal \${`,
      ],
    ],
    [
      "an unknown field",
      google("clientId: c", "team: x"),
      [
        `5:13: ${at}.team: a provider of type google has no team; it has name, clientId, clientSecret, scopes, options`,
      ],
    ],
    [
      "a misspelt part",
      google("clientId: c", "options:", "  isAutoupdate: true"),
      [`6:23: ${at}.options.isAutoupdate: options has no isAutoupdate; did you mean isAutoUpdate?`],
    ],
    ["a missing field", google("name: x"), [`3:7: ${at}.clientId: is required`]],
    [
      "a value that is too long",
      google(`clientId: ${"x".repeat(201)}`),
      [`4:17: ${at}.clientId: must have 1 to 200 characters; it has 201`],
    ],
    ["a number for text", google("clientId: 12"), [`4:17: ${at}.clientId: must be text`]],
    [
      "an entry of a list",
      google("clientId: c", "scopes:", "  - openid", '  - ""'),
      [`7:11: ${at}.scopes[1]: must have 1 to 100 characters; it has 0`],
    ],
    [
      "the same provider twice",
      google("clientId: c").concat("    - { type: google, clientId: d }\n"),
      [
        `5:7: organization.providers[1]: is the same provider as providers[0]: give the entries different names, or the ids of the existing providers`,
      ],
    ],
    ["a name twice", google("clientId: c", "clientId: d"), ["5:7: Map keys must be unique"]],
    [
      "two names twice",
      google("clientId: c", "clientId: d", "name: a", "name: a"),
      ["5:7: Map keys must be unique", "7:7: Map keys must be unique"],
    ],
    ["a list", "[]", ["1:1: must be an object with instance, organization or organizations"]],
    ["nothing", "", ["1:1: must be an object with instance, organization or organizations"]],
    [
      "an unknown owner",
      "organisation: { providers: [] }",
      ["1:1: organisation: is not a known field; did you mean organization?"],
    ],
    [
      "an alias to itself",
      "organization: &o { providers: *o }",
      ["1:31: organization.providers: the alias refers to a value that contains it"],
    ],
    [
      "a merge of text",
      "organization: { <<: text, providers: [] }",
      ["1:21: organization: << must be a map, or a list of maps"],
    ],
    [
      "a secret for an anchor",
      google("clientId: c", "clientSecret: *planted"),
      [`5:21: ${at}.clientSecret: no anchor of this name comes before the alias`],
    ],
    [
      "a secret for a tag",
      google("clientId: c", "clientSecret: !planted"),
      ["5:21: Unresolved tag"],
    ],
    [
      "a secret with an escape",
      google("clientId: c", 'clientSecret: "\\planted"'),
      ["5:22: Invalid escape sequence"],
    ],
    [
      "a reference without quotes in braces",
      "organization: { providers: [{ type: google, clientId: ${HOST}, name: x }] }",
      ['1:56: within { } and [ ] a reference must be in quotes: "${NAME}"'],
    ],
    [
      "a secret where nothing belongs",
      '"planted"\n# planted\n"planted": planted\n',
      ["3:1: Unexpected double-quoted-scalar token in YAML stream"],
    ],
  ])("%s", async (_, text, expected) => {
    expect(await problems(text)).toEqual(expected);
  });

  test("all mistakes at once, in the order of the file", async () => {
    const text = google(
      "clientId: ${GONE}",
      `clientSecret: ${secret}`,
      "options: { isAutoUpdate: x }",
    );
    expect((await problems(text)).map((line) => /^[\d:]+/.exec(line)?.[0])).toEqual([
      "4:17:",
      "5:21:",
      "6:32:",
    ]);
  });

  test("aliases that make a file large", async () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index}, `.repeat(9)}]`,
    );
    await expect(read(`l0: &l0 [a]\n${levels.join("\n")}\n`)).rejects.toThrow(
      /the aliases expand the file to more than the limit of 1\d{5} values/,
    );
  });
});
