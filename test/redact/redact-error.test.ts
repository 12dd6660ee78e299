import { inspect } from "node:util";
import { create, fromJsonString, toBinary, toJson } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import {
  AddAppleProviderRequestSchema as Apple,
  AddGoogleProviderRequestSchema as Google,
  ManagementService,
} from "../../gen/zitadel/management_pb.js";
import { redactError } from "../../src/redact/redact-error.js";
import { redactText } from "../../src/redact/redact-text.js";
import { collectSecrets } from "../../src/redact/collect-secrets.js";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

const secret = "planted-1";
const secrets = [secret];

/** Returns everything that a log could show of a value. */
function shown(value: unknown): string {
  const seen = new Set<unknown>();
  const parts: string[] = [];
  const visit = (each: unknown): void => {
    if (each instanceof Uint8Array) {
      parts.push(Buffer.from(each).toString("latin1"));
    } else if (each instanceof Headers) {
      parts.push(...[...each].flat());
    } else if (each instanceof Request || each instanceof Response) {
      parts.push(each.url, ...[...each.headers].flat());
    } else if (typeof each === "object" && each !== null && !seen.has(each)) {
      seen.add(each);
      for (const name of Reflect.ownKeys(each)) {
        parts.push(String(name));
        visit(Reflect.get(each, name));
      }
    } else {
      parts.push(String(each));
    }
  };
  visit(value);
  return `${inspect(value, { depth: null, showHidden: true })}\n${String(value)}\n${parts.join("\n")}`;
}

async function thrownBy(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
  } catch (error) {
    return error;
  }
  throw new Error("it did not throw");
}

describe("secrets are removed from errors of lower layers", () => {
  const cases: readonly (readonly [layer: string, leak: RegExp, attempt: () => unknown])[] = [
    [
      "protobuf-es: a number as text",
      /got 123456789/,
      () => toJson(Google, create(Google, { clientSecret: 123456789 as never })),
    ],
    [
      "protobuf-es: a text as bytes",
      /got "planted-1"/,
      () => toJson(Apple, create(Apple, { privateKey: "planted-1" as never })),
    ],
    [
      "protobuf-es: JSON of a wrong type",
      /got 123456789/,
      () => fromJsonString(Google, '{"clientSecret":123456789}'),
    ],
    ["JSON.parse: the beginning", /"planted-1" is not/, () => JSON.parse("planted-1")],
    [
      "JSON.parse: a piece",
      /\.\.\..*planted-1.*\.\.\. is/,
      () => JSON.parse(`{"name": "Acme GmbH & Co", "clientSecret": planted-1, "clientId": "c"}`),
    ],
    [
      "Headers: a line break",
      /planted-1/,
      () => new Headers({ authorization: "Bearer planted-1\nx" }),
    ],
    ["Headers: a name", /planted-1/, () => new Headers({ "planted-1 x": "y" })],
    [
      "Request: a line break",
      /planted-1/,
      () => new Request("http://localhost", { headers: { authorization: "planted-1\0" } }),
    ],
    ["fetch: a password in the URL", /x:planted-1@/, () => fetch("http://x:planted-1@localhost")],
    ["fetch: no URL", /planted-1/, () => fetch("planted-1")],
    ["URL: no URL", /planted-1/, () => new URL("planted-1")],
    [
      "Connect: a header of a call",
      /planted-1/,
      () =>
        createClient(
          ManagementService,
          createGrpcWebTransport({ baseUrl: "http://localhost" }),
        ).listProviders({}, { headers: { authorization: "Bearer planted-1\ny" } }),
    ],
  ];
  test.each(cases)("%s", async (_, leak, attempt) => {
    const error = await thrownBy(attempt);
    expect(shown(error)).toMatch(leak);
    const list = [
      ...collectSecrets(Google, { clientSecret: 123456789 }),
      ...collectSecrets(Apple, { privateKey: secret }),
    ];
    const clean = redactError(error, list);
    expect(shown(clean)).not.toMatch(/lanted|123456789/);
    expect(clean).toBe(error);
  });

  // These cases need no redaction while they stay silent. If a version changes that, move the case above.
  test.each<[string, () => unknown]>([
    [
      "protobuf-es: text as bytes, binary",
      () => toBinary(Apple, create(Apple, { privateKey: secret as never })),
    ],
    ["protobuf-es: no base64", () => fromJsonString(Apple, '{"privateKey":"!planted-1!"}')],
    ["JSON.parse: an end too early", () => JSON.parse('{"clientSecret":"planted-1')],
    ["Headers: no Latin-1", () => new Headers({ authorization: "planted-1\u0100" })],
  ])("and these do not repeat the secret: %s", async (_, attempt) => {
    expect(shown(await thrownBy(attempt))).not.toContain(secret);
  });
});

describe("the redacted error", () => {
  test("is the same object, with its class, name, code and cause", () => {
    const cause = Object.assign(new TypeError(`cause ${secret}`), { code: "ECONNRESET" });
    const error = new ConnectError(secret, Code.Aborted, undefined, undefined, cause);
    const clean = redactError(error, secrets);
    expect(clean).toBe(error);
    expect(clean).toBeInstanceOf(ConnectError);
    expect(clean).toMatchObject({
      name: "ConnectError",
      code: Code.Aborted,
      rawMessage: "[redacted]",
      message: "[aborted] [redacted]",
      cause: { message: "cause [redacted]", code: "ECONNRESET" },
    });
    expect((clean as Error).cause).toBe(cause);
    expect(shown(clean)).not.toContain(secret);
  });

  test("is unchanged, with its stack and all content, if it contains no secret", () => {
    const held = { list: [1, new Map([["a", new Set(["b"])]])], bytes: Uint8Array.of(1) };
    const error = Object.freeze(Object.assign(new Error("x", { cause: held }), { held }));
    expect(redactError(error, secrets)).toMatchObject({ message: "x", held });
    const open = Object.assign(new Error("x", { cause: held }), { held });
    const { stack } = open;
    expect(redactError(open, secrets)).toBe(open);
    expect(open.stack).toBe(stack);
    expect(open.held).toBe(held);
  });

  test("is a copy of the same class when it is frozen", () => {
    class OwnError extends Error {
      override name = "OwnError";
      constructor(readonly value: string) {
        super(value);
      }
    }
    const error = Object.freeze(new OwnError(secret));
    const clean = redactError(error, secrets);
    expect(clean).toBeInstanceOf(OwnError);
    expect(clean).toMatchObject({
      name: "OwnError",
      message: "[redacted]",
      value: "[redacted]",
    });
    expect(shown(clean)).not.toContain(secret);
  });

  test("keeps a code that is the same number as a secret", () => {
    const error = new ConnectError("x", Code.NotFound);
    Object.assign(error, { status: 40400, value: 40400 });
    expect(redactError(error, ["40400"])).toMatchObject({ status: 40400, value: "[redacted]" });
  });
});

describe("a secret is removed from", () => {
  const request = { clientSecret: secret, bytes: new TextEncoder().encode(`x${secret}y`) };
  const cyclic: Record<string, unknown> = { secret };
  cyclic["self"] = [cyclic];
  const deep = (depth: number): Error =>
    depth === 0 ? new Error(secret) : new Error(String(depth), { cause: deep(depth - 1) });
  const selfCaused = new Error(secret);
  selfCaused.cause = new Error(secret, { cause: selfCaused });
  const detail = (text: string) =>
    new ConnectError("x", Code.Internal, { "grpc-message": encodeURIComponent(text) }, [
      { desc: ErrorDetailSchema, value: { id: "ID-1", message: text } },
    ]);
  test.each<[string, unknown]>([
    ["a thrown text", `x ${secret}`],
    ["a thrown object", { secret }],
    ["causes that go in a circle", selfCaused],
    ["a long chain of causes", deep(5000)],
    ["the errors of an AggregateError", new AggregateError([new Error(secret), secret], secret)],
    ["a DOMException", new DOMException(secret, "AbortError")],
    ["a property", Object.assign(new Error("x"), { request, [Symbol("y")]: secret })],
    ["a name of a property", Object.assign(new Error("x"), { [`x-${secret}`]: 1 })],
    ["objects that go in a circle", Object.assign(new Error("x"), { cyclic })],
    ["maps and sets", Object.assign(new Error("x"), { m: new Map([[secret, new Set([secret])]]) })],
    ["a URL", Object.assign(new Error("x"), { url: new URL(`http://x/?${secret}`) })],
    ["a query", Object.assign(new Error("x"), { query: new URLSearchParams({ secret }) })],
    ["a form", Object.assign(new Error("x"), { form: formOf(secret) })],
    ["a String object", Object.assign(new Error("x"), { boxed: new String(secret) })],
    ["a symbol", Object.assign(new Error("x"), { [Symbol(secret)]: Symbol(secret) })],
    ["a function", Object.assign(new Error("x"), { f: Object.assign(() => 1, { secret }) })],
    [
      "a property that cannot be changed",
      Object.defineProperty(new Error("x"), "y", { value: secret }),
    ],
    ["a header", new ConnectError("x", 2, { "x-echo": secret })],
    [
      "two headers of a name",
      new ConnectError("x", 2, [
        ["x-a", secret],
        ["x-a", "y"],
      ]),
    ],
    ["a message in a header", detail(`ü ${secret}`)],
    ["a detail that was sent", detail(secret)],
    [
      "a Response",
      Object.assign(new Error("x"), { response: new Response("", { headers: { x: secret } }) }),
    ],
  ])("%s", (_, error) => {
    expect(shown(error)).toContain(secret);
    expect(shown(redactError(error, secrets))).not.toContain(secret);
  });

  test("a Buffer after a round trip through JSON", () => {
    const error = Object.assign(new Error("x"), { body: Buffer.from(`x${secret}`).toJSON() });
    expect(redactError(error, secrets)).toMatchObject({
      body: { data: [...Buffer.from("x*********")] },
    });
  });

  test("shared bytes", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(secret.length));
    shared.set(new TextEncoder().encode(secret));
    const error = Object.assign(new Error("x"), { shared: shared.buffer });
    expect(shown(redactError(error, secrets))).toContain("*".repeat(secret.length));
  });

  test("a received detail, which can still be decoded", () => {
    const message = `wrong: ${secret}`;
    const value = toBinary(ErrorDetailSchema, create(ErrorDetailSchema, { id: "ORG-1", message }));
    const error = new ConnectError("x", Code.Internal, {
      "grpc-status-details-bin": Buffer.from(value).toString("base64").replace(/=+$/, ""),
    });
    error.details = [{ type: ErrorDetailSchema.typeName, value, debug: { message } }];
    redactError(error, secrets);
    expect(error.findDetails(ErrorDetailSchema)).toMatchObject([
      { id: "ORG-1", message: "wrong: *********" },
    ]);
    expect(error.details).toMatchObject([{ debug: { message: "wrong: [redacted]" } }]);
    const header = error.metadata.get("grpc-status-details-bin") ?? "";
    expect(Buffer.from(header, "base64").toString("latin1")).toContain("wrong: *********");
  });

  test("an interceptor's properties, whose descriptors do not change", () => {
    const req = {
      method: ManagementService.method.addGoogleProvider,
      header: new Headers({ authorization: "Bearer planted-1" }),
      message: create(Google, { clientSecret: secret }),
    };
    const error = Object.assign(new Error("x"), { req });
    redactError(error, secrets);
    expect(error.req.method).toBe(ManagementService.method.addGoogleProvider);
    expect(error.req.message).toMatchObject({
      $typeName: Google.typeName,
      clientSecret: "[redacted]",
    });
    expect([...error.req.header]).toEqual([["authorization", "[redacted]"]]);
    expect(req.message.clientSecret).toBe(secret);
  });

  test("a caller's objects, without changing the originals", () => {
    redactError(Object.assign(new Error("x"), { request }), secrets);
    expect(request.clientSecret).toBe(secret);
    expect(new TextDecoder().decode(request.bytes)).toBe(`x${secret}y`);
  });
});

function formOf(text: string): FormData {
  const form = new FormData();
  form.set("text", text);
  return form;
}

describe("without a list of secrets, redactError removes", () => {
  const credentials = {
    authorization: "Basic dXNlcjpwbGFudGVk",
    cookie: "planted",
    "proxy-authorization": "planted",
    "x-kept": "kept",
  };
  const set = new Headers(credentials);
  set.append("set-cookie", "planted=1");
  set.append("set-cookie", "planted=2");
  test.each<[string, object]>([
    ["headers", new ConnectError("x", 2, set)],
    [
      "headers of a request",
      Object.assign(new Error("x"), { r: new Request("http://x", { headers: credentials }) }),
    ],
    [
      "headers in a plain object",
      Object.assign(new Error("x"), { headers: { ...credentials, Cookie: "planted" } }),
    ],
    [
      "headers in a Map",
      Object.assign(new Error("x"), { headers: new Map(Object.entries(credentials)) }),
    ],
  ])("credentials in %s", (_, error) => {
    expect(shown(error)).toMatch(/planted|dXNlcjpw/);
    const text = shown(redactError(error, []));
    expect(text).not.toMatch(/planted|dXNlcjpw/);
    expect(text).toContain("kept");
  });

  test.each<[string, string]>([
    ["got Bearer abc.def-1, expected none", "got Bearer [redacted], expected none"],
    ['{"authorization":"bearer abc"}', '{"authorization":"bearer [redacted]"}'],
    ["eyJhbGciOiJub25l.eyJzdWIiOiIx.c2ln and more", "[redacted] and more"],
    ["at https://user:pa%20ss@host/x?y", "at https://[redacted]@host/x?y"],
    ["https://host/x?mail=a@b.example", "https://host/x?mail=a@b.example"],
    [
      'Unexpected token , ..."s": plant, "c"... is not valid JSON',
      "Unexpected token , [redacted] is not valid JSON",
    ],
    ["Bearer [redacted]", "Bearer [redacted]"],
  ])("%s", (text, expected) => {
    expect(redactText(text, [])).toBe(expected);
  });
});

describe("redactText", () => {
  test.each<[string, string[], string]>([
    ["a planted b", ["planted"], "a [redacted] b"],
    ["planted-longer", ["planted", "planted-longer"], "[redacted]"],
    ["abcdefgh", ["abcde", "defgh"], "[redacted]"],
    ["xaaaaaax", ["aaaa"], "x[redacted]x"],
    ["a planted", ["planted", "redacted", ""], "a [redacted]"],
    ["$& $1", ["$&"], "[redacted] $1"],
    ["nothing", [], "nothing"],
  ])("redacts %j, without the secret %j, to %j", (text, list, expected) => {
    expect(redactText(text, list)).toBe(expected);
  });
});
