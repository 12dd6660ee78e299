import { gzipSync } from "node:zlib";
import { fromJson, toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { methods } from "../../src/emulator/methods.js";
import { type RawResponse, sendRaw } from "../support/raw-http.js";
import {
  type FramedBody,
  type RawBody,
  type RawStep,
  readRawRecording,
} from "../support/recordings.js";

/** How many steps of each recording are compared, and how many call an RPC that is not emulated yet. */
const recordings: Record<string, { compared: number; notEmulated: number }> = {
  "transport-cors": { compared: 64, notEmulated: 1 },
  "transport-grpc": { compared: 39, notEmulated: 13 },
  "transport-grpc-web": { compared: 21, notEmulated: 12 },
  "transport-rest-routing": { compared: 62, notEmulated: 3 },
};

/** Differences that stay for now, with the reason. */
const kept: Record<string, string> = {
  "transport-cors: gRPC-web: v2 service": "the v2 API is not emulated",
  "transport-cors: gRPC-web: v2 service with grpc-timeout": "the v2 API is not emulated",
  "transport-cors: Connect: v2 service": "the v2 API is not emulated",
  "transport-grpc: error with non-ASCII text": "texts are English only",
  "transport-grpc-web: error with non-ASCII text": "texts are English only",
  "transport-grpc: health check": "grpc.health is not emulated",
  "transport-grpc: reflection": "reflection is not emulated",
  "transport-grpc: reflection alpha": "reflection is not emulated",
};

const org = "100000000000000001";
const token = "token-of-iam-owner";

describe.each(Object.entries(recordings))("what a real server sent: %s", (name, counts) => {
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

  test(`${counts.compared} answers are the same`, async () => {
    const found = { compared: 0, notEmulated: 0 };
    for (const step of readRawRecording(name).steps) {
      const response = await send(step, listener.port);
      if (isNotEmulated(response)) {
        found.notEmulated++;
        continue;
      }
      if (kept[`${name}: ${step.name}`] === undefined) {
        expect.soft(describeResponse(response, step), step.name).toEqual(expectedResponse(step));
      }
      found.compared++;
    }
    expect(found).toEqual(counts);
  });
});

function send(step: RawStep, port: number): Promise<RawResponse> {
  const { version, method, path, headers = {}, body } = step.http;
  const text = JSON.stringify(headers).replaceAll("${org}", org);
  const { ":authority": authority, ...given } = JSON.parse(text) as Record<
    string,
    string | string[]
  >;
  return sendRaw(port, {
    method,
    path: String(path).replaceAll("${org}", org),
    ...(version && { version }),
    headers: {
      ...(step.auth === "iam_owner" && { authorization: `Bearer ${token}` }),
      ...(authority && { host: authority }),
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
  const input = [...methods.values()]
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

function isNotEmulated({ headers, trailers, body }: RawResponse): boolean {
  return [headers["grpc-message"], trailers["grpc-message"], body.toString()].some((text) =>
    String(text).includes("is not emulated yet"),
  );
}

interface Comparable {
  status: number;
  headers: Record<string, unknown>;
  trailers: Record<string, string>;
  body: unknown;
}

/** Chance decides these, or the HTTP library in between. */
const ignoredHeaders = [
  "date",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  ":status",
];

function describeResponse(response: RawResponse, step: RawStep): Comparable {
  const { show } = step.http;
  return {
    status: response.status,
    headers: normalizeHeaders(response.headers, show),
    trailers: step.response.trailers === undefined ? {} : response.trailers,
    body: step.http.method === "HEAD" ? "" : readBody(response.body, step),
  };
}

function expectedResponse(step: RawStep): Comparable {
  const { status, headers, trailers = {}, body, bodyBase64 } = step.response;
  const bytes = Buffer.from(body ?? Buffer.from(bodyBase64 ?? "", "base64"));
  return {
    status,
    headers: normalizeHeaders(headers, step.http.show),
    trailers,
    body: readBody(bytes, step),
  };
}

function normalizeHeaders(
  headers: Record<string, unknown>,
  show: string[] | undefined,
): Record<string, unknown> {
  const shown = Object.entries(headers).filter(
    ([name]) => !ignoredHeaders.includes(name) && (show === undefined || show.includes(name)),
  );
  return Object.fromEntries(shown.map(([name, value]) => [name, normalizeHeader(name, value)]));
}

function normalizeHeader(name: string, value: unknown): unknown {
  if (name === "expires" || name === "grpc-metadata-expires") {
    return "<http-date>";
  }
  if (name === "x-request-id") {
    return "<xid>";
  }
  if (name === "access-control-expose-headers" || name === "vary") {
    return [...new Set(String(value).toLowerCase().split(/,\s*/))].toSorted();
  }
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** JSON by value, without ids, times and counts; protobuf only by its length. */
function readBody(body: Buffer, step: RawStep): unknown {
  if (step.response.frames !== undefined) {
    return { flag: body[0] };
  }
  const text = body.toString();
  try {
    return JSON.parse(text, (key, value: unknown) =>
      ["id", "sequence", "creationDate", "changeDate", "viewTimestamp", "resourceOwner"].includes(
        key,
      ) &&
      typeof value === "string" &&
      /^\d/.test(value)
        ? `<${key}>`
        : value,
    );
  } catch {
    return text;
  }
}
