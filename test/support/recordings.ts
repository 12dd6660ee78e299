import { readFileSync } from "node:fs";
import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { WireName } from "./wires.js";

/** A step that calls an RPC, the same on each wire protocol. */
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

/** A step that specifies an HTTP request. */
export interface RawStep {
  name: string;
  auth?: string;
  http: {
    version?: 1 | 2;
    method: string;
    path: string | Long;
    headers?: Record<string, string | string[] | Long>;
    body?: RawBody;
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

/** The body of an HTTP request, in the form that is shortest to record. */
export type RawBody =
  | string
  | { base64: string }
  | { json: JsonObject }
  | { gzip: string }
  | { before: string; repeat: string; times: number; after: string }
  | FramedBody;

/** A framed protobuf message with the named damage. */
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

/** A placeholder for a value that is too long for the file. */
export interface Long {
  $long: { length: number; head: string; tail: string };
}

/** A recording of RPCs on a real server. */
export interface Recording {
  name: string;
  orgs?: string[];
  actors?: string[];
  steps: RpcStep[];
  /** The outcomes of each step: a single one if the wire protocols agree. */
  expected: Record<string, Outcome>[];
}

/** A recording of HTTP requests to a real server. */
export interface RawRecording {
  name: string;
  steps: (RawStep | SocketStep)[];
}

/** A recording whose steps have no requests. Tests repeat the steps by their names. */
export interface StepRecording {
  readonly name: string;
  readonly steps: readonly NamedStep[];
}

/** A step with its results. */
export interface NamedStep {
  readonly name: string;
  readonly [result: string]: JsonValue;
}

/** The outcome of a step: the message, the error as google.rpc.Status, or another HTTP response. */
export type Outcome =
  { ok: JsonObject } | { error: JsonObject } | { http: { status: number; body: string } };

/** Reads a recording of requests to a real server and its responses. */
export function readRecording(name: string): Recording {
  return read(name) as Recording;
}

/** Reads a recording of a transport. */
export function readRawRecording(name: string): RawRecording {
  return read(name) as RawRecording;
}

/** Reads a recording whose steps have no requests. */
export function readStepRecording(name: string): StepRecording {
  return read(name) as StepRecording;
}

/** Lists the rows of a recording of how often, or how late, the server answered in a certain way. */
export function listRows(name: string): readonly unknown[] {
  return (read(name) as { rows: readonly unknown[] }).rows;
}

/** Reads the recorded deadlines that expire. */
export function readDeadlines(): readonly DeadlineRow[] {
  return listRows("deadlines") as readonly DeadlineRow[];
}

/** Reads the recorded writes whose deadlines expire. */
export function readDeadlineWrites(): readonly DeadlineWriteRow[] {
  return listRows("deadline-writes") as readonly DeadlineWriteRow[];
}

/** A recorded deadline that expires, and how often the server answered in each way: "ok", or the code and text of an error. */
export interface DeadlineRow {
  readonly wire: WireName;
  readonly call: "read" | "write";
  readonly grpcTimeout: string;
  /** The answers. A long text is cut off. */
  readonly answers: Readonly<Record<string, number>>;
}

/** A recorded answer to Adds whose deadline expires, and the number of providers that existed after these Adds. */
export interface DeadlineWriteRow {
  readonly wire: WireName;
  /** The first line of the answer. A long text is cut off. */
  readonly answer: string;
  readonly answered: number;
  readonly exists: number;
}

/** The name of a step, and its RPC if it calls one. */
export interface RecordedStep {
  readonly name: string;
  readonly rpc?: string;
}

/** Lists the steps of any recording. */
export function listSteps(name: string): readonly RecordedStep[] {
  return (read(name) as { steps: readonly RecordedStep[] }).steps;
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
