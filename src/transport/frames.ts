/** One frame of gRPC and gRPC-web: a byte of flags, four of length, and as many of data. */
export interface Frame {
  readonly flags: number;
  readonly data: Uint8Array;
}

/** The message in the frame is compressed. */
export const compressedFlag = 0b1;
/** The frame holds the trailers, in gRPC-web. */
export const trailersFlag = 0b1000_0000;

/** What a frame has in front of its data. */
export const headBytes = 5;

/** A frame as it is sent. */
export function encodeFrame({ flags, data }: Frame): Uint8Array<ArrayBuffer> {
  return writeFrame(new Uint8Array(headBytes + data.byteLength), flags, data);
}

/** Writes a frame into bytes that are as long as it is. */
export function writeFrame<B extends Uint8Array>(bytes: B, flags: number, data: Uint8Array): B {
  const { byteLength } = data;
  bytes[0] = flags;
  bytes[1] = byteLength >>> 24;
  bytes[2] = byteLength >>> 16;
  bytes[3] = byteLength >>> 8;
  bytes[4] = byteLength;
  bytes.set(data, headBytes);
  return bytes;
}

/** The frames of a body; undefined if the last one is not whole. */
export function decodeFrames(body: Uint8Array): Frame[] | undefined {
  const frames: Frame[] = [];
  for (let at = 0; at < body.byteLength;) {
    const start = at + headBytes;
    const length =
      start <= body.byteLength
        ? new DataView(body.buffer, body.byteOffset + at).getUint32(1)
        : Number.POSITIVE_INFINITY;
    if (start + length > body.byteLength) {
      return undefined;
    }
    frames.push({ flags: body[at] ?? 0, data: body.subarray(start, start + length) });
    at = start + length;
  }
  return frames;
}
