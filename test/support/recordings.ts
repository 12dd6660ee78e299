import { readFileSync } from "node:fs";
import type { JsonObject } from "@bufbuild/protobuf";

/** A step that calls an RPC, the same on each wire. */
export interface RpcStep {
  name: string;
  rpc: string;
  request: JsonObject;
  metadata?: Record<string, string | string[]>;
  auth?: string | { raw: string };
  save?: Record<string, string>;
  unordered?: boolean;
  anyPage?: boolean;
}

/** A step that is spelled out as an HTTP request. */
export interface RawStep {
  name: string;
  auth?: string;
  http: {
    version?: 1 | 2;
    method: string;
    path: string | Long;
    headers?: Record<string, string | string[] | Long>;
    body?: RawBody;
    show?: string[];
  };
  save?: Record<string, string>;
  response: {
    status: number;
    headers: Record<string, string | string[]>;
    body?: string;
    bodyBase64?: string;
    trailers?: Record<string, string>;
    frames?: { flag: number; data: string }[];
  };
}

/** A step whose bytes no HTTP library would send. */
export interface SocketStep {
  name: string;
  socket: { text: string };
  response: { raw: string };
}

export type RawBody =
  | string
  | { base64: string }
  | { json: JsonObject }
  | { gzip: string }
  | { before: string; repeat: string; times: number; after: string }
  | FramedBody;

/** A framed protobuf message, damaged as named. */
export interface FramedBody {
  type: string;
  message?: JsonObject;
  flag?: number;
  gzipMessage?: boolean;
  declareLength?: number;
  cut?: number;
  twice?: boolean;
  append?: string;
  bare?: boolean;
  text?: boolean;
}

/** A value too long to write out. */
export interface Long {
  $long: { length: number; head: string; tail: string };
}

export interface Recording {
  name: string;
  orgs?: string[];
  actors?: string[];
  steps: RpcStep[];
  /** The outcome of each step: once where the wires agree. */
  expected: Record<string, Outcome>[];
}

export interface RawRecording {
  name: string;
  steps: (RawStep | SocketStep)[];
}

/** What came back: the message, or the error as google.rpc.Status. */
export type Outcome =
  { ok: JsonObject } | { error: JsonObject } | { http: { status: number; body: string } };

/** What a real server answered, and what it was asked. */
export function readRecording(name: string): Recording {
  return read(name) as Recording;
}

/** The same for recordings of a transport. */
export function readRawRecording(name: string): RawRecording {
  return read(name) as RawRecording;
}

function read(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../recordings/${name}.json`, import.meta.url), "utf8"),
    (_, value: unknown) => (isLong(value) ? expandLong(value) : value),
  );
}

function isLong(value: unknown): value is Long {
  return typeof value === "object" && value !== null && "$long" in value;
}

function expandLong({ $long: { length, head, tail } }: Long): string {
  const filler = head.at(-1) ?? "x";
  return head + filler.repeat(length - head.length - tail.length) + tail;
}
