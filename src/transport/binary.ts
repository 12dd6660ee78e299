import {
  type BinaryReadOptions,
  type BinaryWriteOptions,
  type DescMessage,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../call/attempt-error.js";
import { isError } from "../utils/is-error.js";
import type { Optional } from "../utils/optional.js";
import { withoutUndefined } from "../utils/without-undefined.js";

/** Options for reading and writing messages in binary. */
export type BinaryOptions = Optional<BinaryReadOptions & BinaryWriteOptions>;

/** Encodes a request in binary. Errors have the same texts as Connect's. */
export function encodeMessage<D extends DescMessage>(
  desc: D,
  message: MessageShape<D>,
  options: BinaryOptions | undefined,
): Uint8Array<ArrayBuffer> {
  try {
    return toBinary(desc, message, options && withoutUndefined(options));
  } catch (error) {
    const problem = textOf(error);
    throw new AttemptError(`serialize binary: ${problem}`, Code.Internal, {
      notDone: "unsent",
      encodingProblem: problem,
    });
  }
}

/** Decodes a response from binary. */
export function decodeMessage<D extends DescMessage>(
  desc: D,
  bytes: Uint8Array,
  options: BinaryOptions | undefined,
): MessageShape<D> {
  try {
    return fromBinary(desc, bytes, options && withoutUndefined(options));
  } catch (error) {
    throw new ConnectError(`parse binary: ${textOf(error)}`, Code.Internal);
  }
}

function textOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
