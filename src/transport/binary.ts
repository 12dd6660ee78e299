import {
  type BinaryReadOptions,
  type BinaryWriteOptions,
  type DescMessage,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { connectError } from "../connect-error.js";
import { withEvidence } from "./evidence.js";

/** How messages are read and written in their binary form. */
export type BinaryOptions = Partial<BinaryReadOptions & BinaryWriteOptions>;

/** A request in its binary form. The texts of errors are Connect's. */
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

/** A response out of its binary form. */
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
