/** A frame of gRPC or gRPC-web: one byte of flags, four bytes of length, and the data. */
export interface Frame {
  readonly flags: number;
  readonly data: Uint8Array;
}

/** The flag of a compressed message. */
export const compressedFlag = 0b1;
/** The flag of trailers, in gRPC-web. */
export const trailersFlag = 0b1000_0000;

/** The length of a frame's head, in bytes. */
export const headBytes = 5;

/** Encodes a frame. */
export function encodeFrame({ flags, data }: Frame): Uint8Array<ArrayBuffer> {
  return writeFrame(new Uint8Array(headBytes + data.byteLength), flags, data);
}

/** Writes a frame into `bytes`, whose length must be that of the frame. */
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

/** Decodes a body that is one frame. Returns undefined for an incomplete frame, and for another number of frames. */
export function decodeSingleFrame(body: Uint8Array): Frame | undefined {
  const frames = decodeFrames(body);
  return frames?.length === 1 ? frames[0] : undefined;
}

/** Decodes the frames of a body. Returns undefined if the last one is incomplete. */
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
