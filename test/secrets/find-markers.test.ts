import { inspect } from "node:util";
import { expect, test } from "vitest";
import { createMarkers } from "./markers.js";
import { findMarkers } from "./find-markers.js";
import { collectTexts } from "./collect-texts.js";

const markers = createMarkers();
const core = markers.text("a field");
const digits = markers.digits("a number");
const bytes = new TextEncoder().encode(`xy${core}`);
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const hidden: readonly (readonly [how: string, text: string, core: string])[] = [
  ["as it is", `x ${core}y`, core],
  ["as a number", `x: -${Number(digits)},`, digits],
  ["as a fraction", `0.${digits}`, digits],
  ["in lower case, as a host name is", new URL(`https://${core}.example`).host, core],
  ["in JSON within JSON", JSON.stringify(JSON.stringify({ a: `"${core}"` })), core],
  ["percent-encoded", encodeURIComponent(`?${core}&`), core],
  ["in a form", String(new URLSearchParams({ a: ` ${core} ` })), core],
  ["in base64", base64(core), core],
  ["in base64, one byte on", base64(`x${core}`), core],
  ["in base64, two bytes on", base64(`xy${core}`), core],
  ["in base64url", Buffer.from(`ÿ?>${core}`).toString("base64url"), core],
  ["in base64 within a header", `authorization: Basic ${base64(`user:${core}`)}`, core],
  ["digits in base64", base64(`:${digits}:`), digits],
  ["in hexadecimal", Buffer.from(bytes).toString("hex"), core],
  ["in hexadecimal, in capitals", Buffer.from(bytes).toString("hex").toUpperCase(), core],
  ["as a Buffer is shown", inspect(Buffer.from(bytes)), core],
  ["as an ArrayBuffer is shown", inspect(bytes.buffer), core],
  ["as bytes are shown", inspect(bytes), core],
  ["as a Buffer is in JSON", JSON.stringify(Buffer.from(bytes)), core],
  ["as bytes are in JSON", JSON.stringify(bytes), core],
  ["with each byte escaped", [...bytes].map((each) => `%${each.toString(16)}`).join(""), core],
];

test.each(hidden)("a marker is found %s", (_, text, expected) => {
  const cores = findMarkers(text).map((found) => found.core.toLowerCase());
  expect(cores).toContain(expected.toLowerCase());
  expect(markers.labelOf(expected)).toMatch(/^a /);
});

test("the remains of a marker are found", () => {
  expect(findMarkers(core.slice(0, -3))).toMatchObject([{ encoding: "cut" }]);
});

test.each(["", "a log line", base64("nothing to see"), inspect(new Error("x")), "5820 7413 1 2 3"])(
  "no marker is found in %j",
  (text) => expect(findMarkers(text)).toEqual([]),
);

class Hiding {
  readonly #secret = core;
  get secret(): string {
    return this.#secret;
  }
}

test.each<[where: string, value: unknown]>([
  ["a property", { a: [{ b: core }] }],
  ["a property that is not enumerable", Object.defineProperty({}, "a", { value: core })],
  ["the name of a property", { [core]: 1 }],
  ["a symbol", { [Symbol(core)]: 1 }],
  ["the value of a symbol", { a: Symbol(core) }],
  ["an inherited property", Object.create({ a: core })],
  ["a getter of a class", new Hiding()],
  ["a cause", new Error("x", { cause: { a: new Error("y", { cause: core }) } })],
  ["an AggregateError", new AggregateError([new Error(core)])],
  ["headers", { a: new Headers({ a: core }) }],
  ["a map's key", { a: new Map([[{ b: core }, 1]]) }],
  ["a set", new Set([core])],
  ["bytes", { a: new TextEncoder().encode(core) }],
  ["a view of bytes", { a: new DataView(new TextEncoder().encode(core).buffer) }],
  ["a URL", { a: new URL(`https://x/?a=${core}`) }],
  ["a query", { a: new URLSearchParams({ a: core }) }],
  ["a form", { a: formData() }],
  ["a String object", { a: new String(core) }],
  ["a function's property", Object.assign(() => 1, { a: core })],
])("a marker is found in %s of a displayed value", (_, value) => {
  const texts = [...collectTexts(value)].map(([, text]) => text);
  expect(findMarkers(texts.join("\n")).map((found) => found.core)).toContain(core);
});

function formData(): FormData {
  const form = new FormData();
  form.set("a", core);
  return form;
}
