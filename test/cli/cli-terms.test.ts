import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAst } from "vitest/node";
import { toCliTerms } from "../../src/cli/errors/cli-terms.js";

/** Matches the names of library options, which the command line does not have. */
const options =
  /\b(?:baseUrl|instanceHost|allowInsecureAuth|orgId|timeoutMs|createPolicy|evenIfLinked|ifSequence|tokenEndpoint|issuer)\b(?=:? (?:true|is\b|to\b|or\b|and\b)|[:,;.]|$)|\bprotocol: "|\{ owner:|resolveCreate/;

/** Matches the folders whose texts never reach users of the command line, or name fields of provider files and flags. */
const elsewhere = /^(?:cli|doctor|emulator|forms|lint|otel|query|runtime)\//;
/** The texts that no command can cause. */
const unreachable: ReadonlySet<string> = new Set([
  // Only programs that call the library can cause these.
  "since must be a valid Date: when the call began",
  "timeoutMs must be a number of milliseconds, 0 or more",
  "timeoutMs must be a number of milliseconds above 0 and below 2147483648",
  'createIdpClient takes an object, e.g. { baseUrl: "https://…", auth: token }',
  'option owner: must be "org" or "instance"',
  'argument options: must be an object such as { owner: "org" }',
  "the options of a call must be an object, e.g. { timeoutMs: 5000 }",
  // The command line has no option for a token endpoint.
  'instanceHost and tokenEndpoint leave the scheme of the issuer open: pass the issuer too, e.g. issuer: "https://X"',
  // The command line has no option for another issuer.
  "the certificate there is for other names than X: use one of its names in the option issuer or tokenEndpoint of the token source (tls.serverName is for the host of baseUrl)",
  // The command line checks --timeout itself.
  "option timeoutMs: must be a number of milliseconds above 0 and at most X, or 0 for no deadline",
]);

/** Returns the sentences in the code of a file: all strings that contain a space. */
function sentences(file: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
    } else if (typeof node === "object" && node !== null) {
      const { type, value, quasis } = node as Record<string, unknown>;
      if (type === "TemplateLiteral") {
        found.push((quasis as { value: { cooked: string } }[]).map((each) => each.value.cooked).join("X")); // prettier-ignore
      } else if (type === "Literal" && typeof value === "string") {
        found.push(value);
      }
      Object.values(node).forEach(visit);
    }
  };
  visit(parseAst(readFileSync(file, "utf8"), { lang: "ts" }, file));
  return found.filter((text) => text.trim().includes(" "));
}

const source = join(import.meta.dirname, "../../src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && !elsewhere.test(name),
);

test("library texts reach users of the command line without the names of library options", () => {
  const all = files.flatMap((name) => sentences(join(source, name)));
  const reachable = all.filter((text) => !unreachable.has(text) && options.test(text));
  // A lower number means that this test no longer finds the texts.
  expect(reachable.length).toBeGreaterThan(15);
  expect(reachable.map(toCliTerms).filter((text) => options.test(text))).toEqual([]);
});

describe("the command line translates", () => {
  test.each([
    [
      "nothing listens at a:1: check that ZITADEL runs, and host and port of baseUrl",
      "nothing listens at a:1: check that ZITADEL runs, and host and port of the URL (--url, ZITADEL_URL)",
    ],
    [
      'let it use HTTP/2 on both sides, or use protocol: "grpc-web" or "json"',
      "let it use HTTP/2 on both sides, or use --protocol grpc-web or json",
    ],
    ['if it is for gRPC only, use protocol: "grpc"', "if it is for gRPC only, use --protocol grpc"],
    [
      "use https://, or set allowInsecureAuth: true if that network is yours",
      "use https://, or give --allow-insecure-auth if that network is yours",
    ],
    [
      "put acme.example into instanceHost",
      "put acme.example into the instance host (--instance-host, ZITADEL_INSTANCE_HOST)",
    ],
    [
      "a:1 did not open a connection in time (connectTimeoutMs): check its host and port",
      "a:1 did not open a connection in time: check its host and port",
    ],
    ["createPolicy: true creates a copy", "--create-policy creates a copy"],
    ["createLoginPolicy: true creates a copy", "createLoginPolicy: true creates a copy"],
    ["evenIfLinked: true deletes it anyway", "--even-if-linked deletes it anyway"],
  ])("%s", (library, cli) => {
    expect(toCliTerms(library)).toBe(cli);
  });
});
