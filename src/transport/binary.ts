import {
  type BinaryReadOptions,
  type BinaryWriteOptions,
  type DescMessage,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { connectError } from "../call/connect-error.js";
import { withEvidence } from "../call/evidence.js";

/** Options for reading and writing messages in binary. */
export type BinaryOptions = Partial<BinaryReadOptions & BinaryWriteOptions>;

/** Encodes a request in binary. Errors have the same texts as Connect's. */
export function serialize<D extends DescMessage>(
  desc: D,
  message: MessageShape<D>,
  options: BinaryOptions | undefined,
): Uint8Array {
  try {
    return toBinary(desc, message, options);
  } catch (error) {
    throw withEvidence(connectError("internal", `serialize binary: ${textOf(error)}`), {
      notDone: "unsent",
    });
  }
}

/** Decodes a response from binary. */
export function parse<D extends DescMessage>(
  desc: D,
  bytes: Uint8Array,
  options: BinaryOptions | undefined,
): MessageShape<D> {
  try {
    return fromBinary(desc, bytes, options);
  } catch (error) {
    throw connectError("internal", `parse binary: ${textOf(error)}`);
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
