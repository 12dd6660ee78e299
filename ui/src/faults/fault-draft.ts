import type { Fault } from "../../../src/emulator/index.js";
import { type FaultField, faultTypes } from "./fault-fields.js";

/** The values of the form, as texts. */
export interface FaultDraft {
  readonly type: Fault["type"];
  readonly target: "rpc" | "path";
  readonly rpc: string;
  readonly path: string;
  readonly protocol: string;
  readonly times: string;
  /** The share of the matching calls, in percent. */
  readonly percent: string;
  /** The fields of the fault by name. */
  readonly fields: Readonly<Record<string, string>>;
}

export const emptyDraft: FaultDraft = {
  type: "drop",
  target: "rpc",
  rpc: "",
  path: "",
  protocol: "",
  times: "",
  percent: "",
  fields: {},
};

/** The drafts of common faults by their names. */
export const readyMadeDrafts: Readonly<Record<string, FaultDraft>> = {
  "Lost responses": { ...emptyDraft, type: "drop", fields: { when: "after" } },
  "Slow calls": { ...emptyDraft, type: "delay", fields: { ms: "2000" } },
  "Too many requests": {
    ...emptyDraft,
    type: "http",
    fields: {
      status: "429",
      headers: "retry-after: 1\ncontent-type: text/plain",
      body: "Too Many Requests",
    },
  },
  "Bad gateway": {
    ...emptyDraft,
    type: "http",
    fields: {
      status: "502",
      headers: "content-type: text/html",
      body: "<html><head><title>502 Bad Gateway</title></head></html>",
    },
  },
  "Expired token": { ...emptyDraft, type: "stale-token", times: "1" },
};

/** Returns the rule of a draft for the control API, which checks it. */
export function toFaultRule(draft: FaultDraft): unknown {
  const { type, target, rpc, path, protocol, times, percent, fields } = draft;
  const ownFields = faultTypes[type].fields.flatMap((field) => {
    const value = fields[field.name] ?? field.options?.[0]?.[0] ?? "";
    return value === "" ? [] : [[field.name, toFieldValue(field, value)] as const];
  });
  return {
    ...(target === "rpc" && rpc !== "" && { rpc: rpc.trim() }),
    ...(target === "path" && { path: path.trim() }),
    ...(protocol !== "" && { protocol }),
    ...(times !== "" && { times: Number(times) }),
    ...(percent !== "" && { probability: Number(percent) / 100 }),
    fault: { type, ...Object.fromEntries(ownFields) },
  };
}

function toFieldValue({ name, kind }: FaultField, value: string): unknown {
  if (name === "headers") {
    const lines = value.split("\n").filter((line) => line.includes(":"));
    return Object.fromEntries(
      lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
  }
  return kind === "number" ? Number(value) : value;
}
