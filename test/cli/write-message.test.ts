import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAst } from "vitest/node";
import { writeMessage } from "../../src/cli/errors/write-message.js";
import { type Message, messageOf } from "../../src/utils/message.js";
import { advice } from "../../src/zitadel/advice-phrases.js";
import { phrase } from "../../src/zitadel/option-phrases.js";
import { optionText } from "../../src/utils/option-text.js";

/** Matches the names of library options, which the command line does not have. */
const options =
  /\b(?:baseUrl|instanceHost|allowInsecureAuth|orgId|timeoutMs|createPolicy|evenIfLinked|ifSequence|tokenEndpoint|issuer)\b(?=:? (?:true|is\b|to\b|or\b|and\b)|[:,;.]|$)|\bprotocol: "|\{ owner:|resolveCreate|\btls\.(?:ca|cert|key)\b|\bproxy: false/;

/** Matches the folders whose texts never reach users of the command line, or name fields of provider files and flags. */
const elsewhere =
  /^(?:cli|doctor|emulator|forms|lint|otel|query|runtime)\/|^zitadel\/(?:option|advice)-phrases/;
/** The texts that no command can cause. */
const unreachable: ReadonlySet<string> = new Set([
  // Only programs that call the library can cause these.
  'createIdpClient takes an object such as { baseUrl: "https://…", auth: token }',
  'argument options: must be an object such as { owner: "org" }',
  "the options of a call must be an object such as { timeoutMs: 5000 }",
  // The command line has no option for a token endpoint.
  'instanceHost and tokenEndpoint leave the scheme of the issuer open: pass the issuer too, e.g. issuer: "https://X"',
  // The command line has no option for another issuer.
  "the certificate of the issuer is for other names than X: use one of its names in the option issuer or tokenEndpoint of the token source (tls.serverName is for the host of baseUrl)",
  "the option issuer or tokenEndpoint of the token source",
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

test("library texts that reach users of the command line name options by phrases only", () => {
  const all = files.flatMap((name) => sentences(join(source, name)));
  const named = all.filter((text) => options.test(text));
  expect(new Set(named)).toEqual(unreachable);
});

describe("the command line writes", () => {
  test.each<[library: string, cli: string, message: Message]>([
    [
      "nothing listens at a:1: check that ZITADEL runs, and host and port of baseUrl",
      "nothing listens at a:1: check that ZITADEL runs, and host and port of the URL (--url, ZITADEL_URL)",
      optionText`nothing listens at ${"a:1"}: check that ZITADEL runs, and host and port of ${phrase.baseUrl}`,
    ],
    [
      'configure the proxy to use HTTP/2 on both sides, or use protocol: "grpc-web" or "json"',
      "configure the proxy to use HTTP/2 on both sides, or use --protocol grpc-web or json",
      optionText`configure the proxy to use HTTP/2 on both sides, or use ${advice.protocolGrpcWebOrJson}`,
    ],
    [
      "a reason; use https://, or set allowInsecureAuth: true if that network is yours",
      "a reason; use https://, or pass --allow-insecure-auth if that network is yours",
      optionText`a reason; ${optionText`use https://, or ${phrase.allowInsecureAuth} if that network is yours`}`,
    ],
    ["3 of 5: evenIfLinked: true", "3 of 5: --even-if-linked", optionText`${"3"} of ${"5"}: ${advice.evenIfLinked}`], // prettier-ignore
    ["baseUrl in the text of a server", "baseUrl in the text of a server", "baseUrl in the text of a server"], // prettier-ignore
  ])("%s", (library, cli, message) => {
    expect(String(message)).toBe(library);
    expect(writeMessage(message)).toBe(cli);
  });

  test("the message of anything that was thrown", () => {
    expect(writeMessage(messageOf(new Error("baseUrl is wrong")))).toBe("baseUrl is wrong");
    expect(writeMessage(messageOf("text"))).toBe("text");
  });
});
