import { gzipSync } from "node:zlib";
import { fromJson, toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { servedMethods } from "../../src/emulator/methods.js";
import { findDifference } from "./known-differences.js";
import { transportRecordings } from "./replayed-recordings.js";
import { type RawResponse, sendBytes, sendRaw } from "../support/raw-http.js";
import {
  type FramedBody,
  type RawBody,
  type RawStep,
  readRawRecording,
  type SocketStep,
} from "../support/recordings.js";

/** A date of HTTP, such as `Thu, 01 Jan 2026 12:00:00 GMT`. */
const httpDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

const org = "100000000000000001";
const token = "token-of-iam-owner";

describe.each(Object.entries(transportRecordings))("the transport recording %s", (name, count) => {
  let emulator: Emulator;
  let listener: Listener;
  beforeAll(async () => {
    emulator = createEmulator({
      seed: {
        organizations: [{ id: org, name: "org" }],
        serviceUsers: [
          { name: "iam_owner", organization: "org", token, instanceRoles: ["IAM_OWNER"] },
        ],
      },
    });
    listener = await emulator.listen();
  });
  afterAll(() => emulator.close());

  test(`has ${count} responses that match`, async () => {
    const { steps } = readRawRecording(name);
    const values: Record<string, string> = { org };
    for (const step of steps) {
      const difference = findDifference(name, step.name);
      const [answered, recorded] = await exchange(step, values, listener.port);
      const check = expect.soft(
        answered,
        `${step.name}${difference ? " (listed as different)" : ""}`,
      );
      (difference === undefined ? check : check.not).toEqual(recorded);
    }
    expect(steps.length).toBe(count);
  });
});

async function exchange(
  step: RawStep | SocketStep,
  values: Record<string, string>,
  port: number,
): Promise<[answered: Comparable, recorded: Comparable]> {
  if ("socket" in step) {
    const answered = await sendBytes(port, Buffer.from(step.socket.text));
    return [describeText(answered), describeText(step.response.raw)];
  }
  const response = await send(fill(step, values), port);
  for (const [key, path] of Object.entries(step.save ?? {})) {
    values[key] = String((JSON.parse(response.body.toString()) as Record<string, unknown>)[path]);
  }
  return [describeResponse(response, step), expectedResponse(step)];
}

/** Parses a response: its status line, headers and body. */
function describeText(text: string): Comparable {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [name = "", ...value] = line.split(": ");
    const key = name.toLowerCase();
    headers[key] = (key in headers ? `${headers[key]}, ` : "") + value.join(": ");
  }
  return {
    status: statusLine,
    headers: withoutDate(normalizeHeaders(headers)),
    trailers: {},
    body: body.join("\r\n\r\n"),
  };
}

/** Removes the `date`, which the recordings of bytes leave out. */
function withoutDate({ date: _date, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return rest;
}

function fill(step: RawStep, values: Record<string, string>): RawStep {
  const text = JSON.stringify(step).replace(
    /\$\{(\w+)\}/g,
    (_, name: string) => values[name] ?? "",
  );
  return JSON.parse(text) as RawStep;
}

function send(step: RawStep, port: number): Promise<RawResponse> {
  const { version, method, path, headers = {}, body } = step.http;
  const { ":authority": authority, ...given } = headers as Record<string, string | string[]>;
  return sendRaw(port, {
    method,
    path: String(path),
    ...(version && { version }),
    headers: {
      ...(step.auth === "iam_owner" && { authorization: `Bearer ${token}` }),
      ...(authority && { host: authority }),
      // The recorded client kept its connections, and Node.js would ask the server to close them.
      ...(version !== 2 && { connection: "keep-alive" }),
      ...given,
    },
    ...(body !== undefined && { body: makeBody(body) }),
  });
}

function makeBody(body: RawBody): Buffer {
  if (typeof body === "string") {
    return Buffer.from(body);
  }
  if ("base64" in body) {
    return Buffer.from(body.base64, "base64");
  }
  if ("json" in body) {
    return Buffer.from(JSON.stringify(body.json));
  }
  if ("gzip" in body) {
    return gzipSync(body.gzip);
  }
  if ("before" in body) {
    return Buffer.from(body.before + body.repeat.repeat(body.times) + body.after);
  }
  return frame(body);
}

function frame(body: FramedBody): Buffer {
  const type = body.type.slice(0, body.type.lastIndexOf("."));
  const input = [...servedMethods.values()]
    .flatMap((service) => [...service.values()])
    .find((method) => method.input.typeName === body.type)?.input;
  if (input === undefined) {
    throw new Error(`no request type ${body.type} in ${type}`);
  }
  let message: Uint8Array = Buffer.concat([
    toBinary(input, fromJson(input, body.message ?? {})),
    Buffer.from(body.append ?? "", "base64"),
  ]);
  if (body.bare) {
    return Buffer.from(message);
  }
  if (body.gzipMessage) {
    message = gzipSync(message);
  }
  const head = Buffer.alloc(5);
  head[0] = body.flag ?? (body.gzipMessage ? 1 : 0);
  head.writeUInt32BE(body.declareLength ?? message.length, 1);
  let framed = Buffer.concat([head, message]);
  if (body.twice) {
    framed = Buffer.concat([framed, framed]);
  }
  if (body.cut !== undefined) {
    framed = framed.subarray(0, body.cut);
  }
  return body.text ? Buffer.from(base64Encode(framed)) : framed;
}

interface Comparable {
  /** The number of the status, or the whole status line of a response whose bytes were recorded. */
  status: number | string;
  headers: Record<string, unknown>;
  trailers: Record<string, unknown>;
  body: unknown;
}

/** The shapes of the headers whose values depend on the time, on chance, or on ids and numbers in the body. */
const shapes: Readonly<Record<string, { readonly pattern: RegExp; readonly shape: string }>> = {
  date: { pattern: httpDate, shape: "<http-date>" },
  expires: { pattern: httpDate, shape: "<http-date>" },
  "grpcgateway-date": { pattern: httpDate, shape: "<http-date>" },
  "grpc-metadata-expires": { pattern: httpDate, shape: "<http-date>" },
  "x-request-id": { pattern: /^[0-9a-v]{20}$/, shape: "<xid>" },
  "content-length": { pattern: /^\d+$/, shape: "<n>" },
};

function describeResponse(response: RawResponse, step: RawStep): Comparable {
  return {
    status: response.status,
    headers: normalizeHeaders(response.headers),
    trailers: step.response.trailers === undefined ? {} : normalizeHeaders(response.trailers),
    body: step.http.method === "HEAD" ? "" : readBody(response.body, step),
  };
}

function expectedResponse(step: RawStep): Comparable {
  const { status, headers, trailers = {}, body, bodyBase64 } = step.response;
  const bytes = Buffer.from(body ?? Buffer.from(bodyBase64 ?? "", "base64"));
  return {
    status,
    headers: normalizeHeaders(headers),
    trailers: normalizeHeaders(trailers),
    body: readBody(bytes, step),
  };
}

function normalizeHeaders(headers: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name !== ":status")
      .map(([name, value]) => [name, normalizeHeader(name, value)]),
  );
}

function normalizeHeader(name: string, value: unknown): unknown {
  const { pattern, shape } = shapes[name] ?? {};
  if (shape !== undefined && (pattern?.test(String(value)) || value === "<volatile>")) {
    return shape;
  }
  if (name === "access-control-expose-headers" || name === "vary") {
    return [...new Set(String(value).toLowerCase().split(/,\s*/))].toSorted();
  }
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

const volatile = ["id", "sequence", "creationDate", "changeDate", "viewTimestamp", "resourceOwner"];

/** Parses a body: JSON by value, without ids, times and counts, and protobuf only by its flag. */
function readBody(body: Buffer, step: RawStep): unknown {
  if (step.response.frames !== undefined) {
    return { flag: body[0] };
  }
  const text = body.toString();
  if (step.response.body === undefined && step.response.bodyBase64 === undefined) {
    return "<not recorded>";
  }
  try {
    return JSON.parse(text, (key, value: unknown) => {
      // Other recordings cover the contents of lists.
      if (key === "result" || key === "totalResult") {
        return `<${key}>`;
      }
      if (typeof value !== "string") {
        return value;
      }
      return volatile.includes(key) && /^\d/.test(value) ? `<${key}>` : value;
    });
  } catch {
    return text;
  }
}
