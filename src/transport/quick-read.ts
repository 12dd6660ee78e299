import {
  create,
  type DescField,
  type DescMessage,
  type Message,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";

/**
 * Decodes a message of common content, in half the time of `fromBinary` and with a third of the garbage, which costs as much
 * again. It supports strings, bytes, booleans, enums, integers, messages, and lists of them.
 *
 * Returns undefined for anything else: fields that the schema does not know, maps, wrappers, negative or very large numbers, a
 * message in two pieces, or bytes that are not a message. The caller must then use `fromBinary`, so this function never decides
 * what counts as an error.
 */
export function quickRead<D extends DescMessage>(
  desc: D,
  bytes: Uint8Array,
): MessageShape<D> | undefined {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return new Reader(buffer).message(planOf(desc), buffer.length, 0) as MessageShape<D>;
  } catch {
    return undefined;
  }
}

type Kind = "string" | "bytes" | "bool" | "int32" | "int64" | "message";

/** The instructions for decoding one field. */
interface Step {
  readonly kind: Kind;
  readonly name: string;
  readonly oneof: string | undefined;
  readonly isList: boolean;
  /** True if one field holds several numbers. */
  readonly isPacked: boolean;
  readonly message: DescMessage | undefined;
  /** The plan of `message`. It is created on demand, because messages may contain themselves. */
  plan: Plan | undefined;
}

interface Plan {
  readonly desc: DescMessage;
  /** The steps by tag: the number of the field, and three bits for its wire type. */
  readonly steps: readonly (Step | undefined)[];
}

const plans = new WeakMap<DescMessage, Plan>();

function planOf(desc: DescMessage): Plan {
  let plan = plans.get(desc);
  if (plan === undefined) {
    const steps: (Step | undefined)[] = [];
    for (const field of desc.fields) {
      addStep(steps, field);
    }
    plan = { desc, steps };
    plans.set(desc, plan);
  }
  return plan;
}

const varint = 0;
const lengthDelimited = 2;
/** The highest field number with a step. Higher ones are rare, and would make long arrays. */
const lastNumber = 255;

function addStep(steps: (Step | undefined)[], field: DescField): void {
  const kind = field.number <= lastNumber ? kindOf(field) : undefined;
  if (kind === undefined) {
    return;
  }
  const step: Step = {
    kind,
    name: field.localName,
    oneof: field.oneof?.localName,
    isList: field.fieldKind === "list",
    isPacked: false,
    message: field.message,
    plan: undefined,
  };
  const isNumber = kind === "bool" || kind === "int32" || kind === "int64";
  steps[(field.number << 3) | (isNumber ? varint : lengthDelimited)] = step;
  if (isNumber && step.isList) {
    steps[(field.number << 3) | lengthDelimited] = { ...step, isPacked: true };
  }
}

/** Returns the kind of a field, or undefined for fields that are left to `fromBinary`. */
function kindOf(field: DescField): Kind | undefined {
  if (field.fieldKind === "map") {
    return undefined;
  }
  if (field.message !== undefined) {
    const { typeName } = field.message;
    // protobuf-es represents some of Google's own types differently inside a message.
    const isPlain = !typeName.startsWith("google.protobuf.") || plainTypes.has(typeName);
    return isPlain && !("delimitedEncoding" in field && field.delimitedEncoding)
      ? "message"
      : undefined;
  }
  if (field.enum !== undefined) {
    return field.enum.open ? "int32" : undefined;
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return "string";
    case ScalarType.BYTES:
      return "bytes";
    case ScalarType.BOOL:
      return "bool";
    case ScalarType.INT32:
    case ScalarType.UINT32:
      return "int32";
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return field.longAsString ? undefined : "int64";
    default:
      return undefined;
  }
}

const plainTypes = new Set(["google.protobuf.Timestamp", "google.protobuf.Duration"]);

/** The same maximum depth as `fromBinary`. */
const maxDepth = 100;

type Fields = Message & Record<string, unknown>;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class Reader {
  #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  message({ desc, steps }: Plan, end: number, depth: number): Fields {
    const message = create(desc) as Fields;
    while (this.#at < end) {
      const step = steps[this.#varint()];
      if (step === undefined || depth >= maxDepth - 1) {
        throw new Unusual();
      }
      if (step.isPacked) {
        const list = message[step.name] as unknown[];
        const last = this.#end(end);
        while (this.#at < last) {
          list.push(this.#value(step, last, depth));
        }
        if (this.#at !== last) {
          throw new Unusual();
        }
        continue;
      }
      const value = this.#value(step, end, depth);
      if (step.isList) {
        (message[step.name] as unknown[]).push(value);
      } else if (step.oneof !== undefined) {
        const before = message[step.oneof] as { case?: string };
        if (before.case === step.name && step.kind === "message") {
          throw new Unusual();
        }
        message[step.oneof] = { case: step.name, value };
      } else if (step.kind === "message" && message[step.name] !== undefined) {
        throw new Unusual();
      } else {
        message[step.name] = value;
      }
    }
    if (this.#at !== end) {
      throw new Unusual();
    }
    return message;
  }

  #value(step: Step, end: number, depth: number): unknown {
    switch (step.kind) {
      case "string":
        return this.#string(this.#end(end));
      case "bytes": {
        const last = this.#end(end);
        const bytes = this.#buffer.subarray(this.#at, last);
        this.#at = last;
        return bytes;
      }
      case "bool":
        return this.#varint() !== 0;
      case "int32":
        return this.#varint();
      case "int64":
        return BigInt(this.#varint());
      default: {
        const plan = (step.plan ??= planOf(step.message as DescMessage));
        return this.message(plan, this.#end(end), depth + 1);
      }
    }
  }

  /** Reads a length, and returns the index at which its content ends. */
  #end(limit: number): number {
    const length = this.#varint();
    const end = this.#at + length;
    if (end > limit) {
      throw new Unusual();
    }
    return end;
  }

  #string(end: number): string {
    const start = this.#at;
    this.#at = end;
    for (let at = start; at < end; at++) {
      if ((this.#buffer[at] as number) > 0x7f) {
        return utf8.decode(this.#buffer.subarray(start, end));
      }
    }
    return this.#buffer.toString("latin1", start, end);
  }

  /** Reads a number of up to 31 bits: lengths, enums, and times in seconds until 2038. */
  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      // A byte after the end counts as unfinished.
      const byte = this.#buffer[this.#at++] ?? 0xff;
      if (byte < 0x80) {
        value |= byte << shift;
        if (value < 0 || (shift === 28 && byte > 7)) {
          break;
        }
        return value;
      }
      value |= (byte & 0x7f) << shift;
    }
    throw new Unusual();
  }
}

class Unusual extends Error {}
