// Encodes HTTP/2 frames and their gRPC content as bytes.
import { encodeEnvelope } from "./encode-envelope.mjs";

export const frameHead = 9;
export const maxFrame = 16_384;

export const DATA = 0;
export const HEADERS = 1;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PING = 6;
export const WINDOW_UPDATE = 8;
export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;

export function encodeFrame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(frameHead);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export function encodeWindowUpdate(bytes) {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes, 0);
  return encodeFrame(WINDOW_UPDATE, 0, 0, payload);
}

/** Encodes headers with HPACK, without any table except for the status, so that the bytes are the same for each stream. */
function encodeHeaders(fields) {
  return Buffer.concat(
    fields.flatMap(([name, value]) => [[0], encodeText(name), encodeText(value)].map(bytes)),
  );
}

const bytes = (values) => Buffer.from(values);

function encodeText(value) {
  const encoded = Buffer.from(value, "latin1");
  const { length } = encoded;
  if (length < 127) {
    return Buffer.concat([bytes([length]), encoded]);
  }
  // A prefix of seven bits, and the rest in groups of seven.
  const size = [127];
  let rest = length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) {
    size.push((rest % 128) + 128);
  }
  return Buffer.concat([bytes([...size, rest]), encoded]);
}

const ok = 0x88;
export const headers = Buffer.concat([
  bytes([ok]),
  encodeHeaders([
    ["cache-control", "no-store"],
    ["content-type", "application/grpc+proto"],
    ["expires", "Mon, 05 Jan 2026 10:00:00 GMT"],
    ["pragma", "no-cache"],
    ["trailer", "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin"],
    ["x-request-id", "d1k2m3n4o5p6q7r8s9t0"],
    ["x-robots-tag", "none"],
  ]),
]);

/**
 * Encodes a response as frames of stream 0, with the positions of the stream id. `complete` is absent if the response needs
 * several data frames; `message` and `trailers` are for sending it in pieces.
 */
export function encodeResponse({ message, trailers }) {
  const data = message === undefined ? Buffer.alloc(0) : encodeEnvelope(0, message);
  const last = encodeHeaders(trailers);
  if (data.length > maxFrame) {
    return { message: data, trailers: last };
  }
  const parts = [
    encodeFrame(HEADERS, END_HEADERS, 0, headers),
    ...(data.length === 0 ? [] : [encodeFrame(DATA, 0, 0, data)]),
    encodeFrame(HEADERS, END_HEADERS | END_STREAM, 0, last),
  ];
  let at = 0;
  const streamIds = parts.map(({ length }) => {
    at += length;
    return at - length + 5;
  });
  return {
    complete: Buffer.concat(parts),
    streamIds,
    body: data.length,
    message: data,
    trailers: last,
  };
}
