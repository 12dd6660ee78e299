import { Code } from "@connectrpc/connect";
import type { Fault } from "../../../src/emulator/index.js";

/** A field of a fault. Each value of the form is a text; an empty text leaves the field out. */
export interface FaultField {
  readonly name: string;
  readonly label: string;
  readonly kind: "number" | "text" | "lines";
  /** The values with their labels, for a choice. The first one is the default. */
  readonly options?: readonly (readonly [value: string, label: string])[];
  readonly isRequired?: boolean;
}

/** A type of fault, with its texts for people and its fields. */
export interface FaultType {
  readonly label: string;
  readonly help: string;
  readonly fields: readonly FaultField[];
}

const when: FaultField = {
  name: "when",
  label: "When",
  kind: "text",
  options: [
    ["before", "Before the call, which is not carried out"],
    ["after", "After the call, so that only the response is lost"],
  ],
};

const codes = Object.entries(Code)
  .filter((entry): entry is [string, Code] => typeof entry[1] === "number")
  .map(([name, code]) => [String(code), name] as const);

/** The types of faults that `inject` takes. */
export const faultTypes: Readonly<Record<Fault["type"], FaultType>> = {
  drop: {
    label: "Dropped connection",
    help: "The connection closes without a response.",
    fields: [when],
  },
  delay: {
    label: "Delay",
    help: "The response takes longer.",
    fields: [
      { name: "ms", label: "Delay in milliseconds", kind: "number", isRequired: true },
      when,
    ],
  },
  status: {
    label: "Error of ZITADEL",
    help: "ZITADEL rejects the call.",
    fields: [
      { name: "code", label: "Code", kind: "number", options: codes },
      { name: "id", label: "Error id", kind: "text" },
      { name: "message", label: "Message", kind: "text" },
      when,
    ],
  },
  http: {
    label: "Response of a proxy",
    help: "A proxy in front of ZITADEL responds.",
    fields: [
      { name: "status", label: "HTTP status", kind: "number", isRequired: true },
      { name: "headers", label: "Headers, one name: value in each line", kind: "lines" },
      { name: "body", label: "Body", kind: "lines" },
      when,
    ],
  },
  "stale-token": {
    label: "Expired token",
    help: "ZITADEL rejects the token although it is valid.",
    fields: [],
  },
  "expired-deadline": {
    label: "Expired deadline",
    help: "The deadline of the call expires inside ZITADEL.",
    fields: [when],
  },
  reset: { label: "Reset connection", help: "TCP RST, without a response.", fields: [when] },
  goaway: {
    label: "GOAWAY",
    help: "HTTP/2 GOAWAY, as when a server shuts down. HTTP/1.1 connections close.",
    fields: [
      {
        name: "call",
        label: "The call",
        kind: "text",
        options: [
          ["refused", "Is not carried out"],
          ["lost", "Gets no response"],
          ["answered", "Gets its response"],
        ],
      },
      when,
    ],
  },
  "refused-stream": {
    label: "Refused stream",
    help: "HTTP/2 RST_STREAM: the call is certainly not carried out.",
    fields: [],
  },
  truncate: {
    label: "Truncated response",
    help: "The call is carried out, and the body of its response ends too early.",
    fields: [
      { name: "bytes", label: "Bytes to send, half of the body by default", kind: "number" },
      {
        name: "end",
        label: "End",
        kind: "text",
        options: [
          ["cut", "The connection closes"],
          ["clean", "HTTP does not detect it"],
        ],
      },
    ],
  },
};
