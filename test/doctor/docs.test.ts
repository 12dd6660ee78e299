import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkCatalogue } from "../../src/doctor/check-catalogue.js";

/** The headings of the topics, in the order of the document. */
const topics: Readonly<Record<string, string>> = {
  oidc: "OpenID Connect",
  entra: "Entra ID",
  oauth: "OAuth and GitHub",
  pkce: "PKCE",
  apple: "Apple",
  client: "Client ids",
  secret: "Client secrets",
  callback: "Callbacks",
  scopes: "Scopes",
  saml: "SAML",
  ldap: "LDAP",
  jwt: "JWT",
  linking: "Linking of accounts",
  options: "Options",
  policy: "Login policy",
  prune: "Prune",
  zitadel: "ZITADEL as a provider",
  tls: "Certificates of servers",
  url: "URLs",
  text: "Texts",
  reference: "References",
  version: "Known bugs of ZITADEL",
  expiry: "Expiry",
  doctor: "The doctor itself",
};

function formatCatalogue(): string {
  const names = Object.keys(checkCatalogue).toSorted();
  const sections = Object.entries(topics).map(([topic, heading]) => {
    const checks = names
      .filter((name) => name.startsWith(`${topic}/`))
      .map((name) => {
        const { meaning = "", fix = "" } = checkCatalogue[name] ?? {};
        return `### ${name}\n\n${meaning} ${fix}\n`;
      });
    return `## ${heading}\n\n${checks.join("\n")}`;
  });
  return `# Checks

The checks of [the doctor](doctor.md) and of \`zitadel-idp validate\`, by topic: what each finding means, and what to do. ${names.length} checks. Generated from the code by \`npx vitest run test/doctor/docs.test.ts -u\`.

${sections.join("\n")}`;
}

test("docs/checks.md lists all checks with their meaning and fix", async () => {
  await expect(formatCatalogue()).toMatchFileSnapshot("../../docs/checks.md");
});

test("each check has a topic with a heading, a meaning and a fix", () => {
  for (const [name, { meaning, fix }] of Object.entries(checkCatalogue)) {
    expect(name).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
    expect(Object.keys(topics), name).toContain(name.split("/", 1)[0]);
    expect(meaning, name).toMatch(/^[A-Za-z`].*[.]$/s);
    expect(fix, name).toMatch(/^[A-Za-z`].*[.]$/s);
  }
});

test("docs/doctor.md links to the checks and to the guide", () => {
  const text = readFileSync(new URL("../../docs/doctor.md", import.meta.url), "utf8");
  expect(text).toContain("(checks.md)");
  expect(text).toContain("(guides/before-you-switch-it-on.md)");
});
