import { gzipSync } from "node:zlib";
import { toBinary, toJsonString } from "@bufbuild/protobuf";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import type { WireRequest } from "../../src/emulator/wire/http-message.js";
import { resolveRestMethod } from "../../src/rest/resolve-rest-method.js";
import { allMethods } from "./all-methods.js";
import { type Random, randomMessage } from "./random-message.js";

/** The token of most of these requests. */
export const hostileToken = "token";

/** Changes, cuts, repeats or inserts some bytes at random. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let result = Buffer.from(bytes);
  for (let times = random.integer(4); times > 0; times--) {
    const at = random.integer(result.length + 1);
    const [before, behind] = [result.subarray(0, at), result.subarray(at)];
    result = random.pick([
      () => Buffer.concat([before, behind.subarray(1)]),
      () => Buffer.concat([before, randomBytes(random, 8), behind]),
      () => before,
      () => Buffer.concat([before, behind, behind]),
      () => Buffer.concat([before, randomBytes(random, 4), behind.subarray(4)]),
    ])();
  }
  return new Uint8Array(result);
}

export function randomBytes(random: Random, limit: number): Buffer {
  return Buffer.from(Array.from({ length: random.integer(limit + 1) }, () => random.integer(256)));
}

function randomText(random: Random): string {
  const pieces = [
    "/",
    "..",
    "%2F",
    "%",
    "%zz",
    "a",
    "0",
    "ü",
    "\u{1F600}",
    " ",
    "?",
    "#",
    ":",
    "{}",
    "\\",
  ];
  return Array.from({ length: random.integer(12) }, () => random.pick(pieces)).join("");
}

const headerValues: Readonly<Record<string, readonly string[]>> = {
  authorization: [`Bearer ${hostileToken}`, "Bearer ", "Basic x", "", "Bearer Bearer x"],
  "x-zitadel-orgid": ["1", "2", "", " ", "ü"],
  "grpc-timeout": ["1S", "0S", "1n", "abc", "", "99999999H", "999999999H"],
  "grpc-encoding": ["gzip", "identity", "br", ""],
  "accept-language": ["de", "xx, de;q=0.5", ";;;", "*"],
  "x-thing-bin": ["AAAA", "*", "é"],
  "content-type": [
    "application/grpc",
    "application/json",
    "text/html",
    "application/grpc-web-text",
  ],
  host: ["localhost", "elsewhere", "", "localhost:99999"],
  "x-forwarded-host": ["localhost", "elsewhere"],
  forwarded: ["host=localhost", 'host="', "for=x;host=elsewhere"],
  origin: ["https://app.example", "null", ""],
  "access-control-request-method": ["POST", "X"],
  "access-control-request-headers": ["x-grpc-web", "authorization, content-type", ",,,"],
  "x-http-method-override": ["GET", "DELETE"],
};

/** Creates a request that is almost valid. */
export function randomRequest(random: Random): WireRequest {
  const method = random.pick(allMethods);
  const message = randomMessage(method.input, random);
  const headers = new Map<string, string>([["authorization", `Bearer ${hostileToken}`]]);
  for (const [name, values] of Object.entries(headerValues)) {
    if (random.chance(0.04)) {
      headers.set(name, random.pick(values));
    }
  }
  const shape = random.pick(["grpc", "grpc-web", "text", "json", "json", "any"] as const);
  let verb = "POST";
  let target = `/${method.parent.typeName}/${method.name}`;
  let body: Uint8Array = new Uint8Array();
  if (shape === "json") {
    const rest = resolveRestMethod(method);
    const binding = random.pick(rest.bindings);
    verb = random.chance(0.95) ? binding.verb : random.pick(["GET", "PATCH", "HEAD", "OPTIONS"]);
    const path = binding.template.source.replace(/\{\w+\}/g, () =>
      random.chance(0.5) ? "1" : encodeURIComponent(randomText(random)),
    );
    target = rest.prefix + path;
    body = mutate(Buffer.from(toJsonString(method.input, message)), random);
  } else if (shape === "any") {
    verb = random.pick(["GET", "POST", "OPTIONS", "X", ""]);
    target = `/${randomText(random)}`;
    body = randomBytes(random, 100);
  } else {
    const plain = toBinary(method.input, message);
    const zipped = random.chance(0.1);
    const bytes = zipped ? gzipSync(plain) : plain;
    if (zipped) {
      headers.set("grpc-encoding", "gzip");
    }
    const frame = encodeEnvelope(zipped ? 1 : 0, new Uint8Array(bytes));
    body = mutate(frame, random);
    headers.set("content-type", `application/${shape === "text" ? "grpc-web-text" : shape}`);
    if (shape === "text") {
      body = mutate(Buffer.from(Buffer.from(body).toString("base64")), random);
    }
  }
  return {
    method: verb,
    target: random.chance(0.05)
      ? Buffer.from(mutate(Buffer.from(target), random)).toString("latin1")
      : target,
    httpVersion: shape === "grpc" ? 2 : 1,
    authority: headers.get("host") ?? "localhost",
    headers: [...headers],
    body: new Uint8Array(body),
  };
}
