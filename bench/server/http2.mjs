// An HTTP/2 server on bare sockets, with the parts that unary gRPC calls need. It reads frames but no headers, identifies requests by
// their message, and sends bytes that are encoded in advance. A server on node:http2 costs as much per call as the fastest client, so
// that the server would be the bottleneck.
import { createServer } from "node:net";
import { grpcKey, grpcResponses } from "./responses.mjs";
import {
  ACK,
  DATA,
  encodeResponse,
  END_HEADERS,
  END_STREAM,
  encodeFrame,
  frameHead,
  headers,
  HEADERS,
  maxFrame,
  PADDED,
  PING,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
  encodeWindowUpdate,
} from "./frames.mjs";

const preface = 24;
/** The limit of ZITADEL. Clients queue further calls. */
const maxConcurrentStreams = 250;
/** The flow-control window that clients get before an update. */
const uploadWindow = 1 << 30;

/** Starts the server. Counts the opened connections and the requests in `counters`. */
export function createHttp2Server(counters) {
  return createServer({ noDelay: true }, (socket) => {
    counters.connections++;
    const connection = new Connection(socket, counters);
    socket.on("data", (chunk) => connection.read(chunk));
    socket.on("error", () => socket.destroy());
  });
}

class Connection {
  #socket;
  #counters;
  #rest = Buffer.alloc(0);
  #hasPreface = false;
  #out = [];
  /** The client's flow-control windows: of the connection, and of each new stream. */
  #window = 65_535;
  #streamWindow = 65_535;
  #uploaded = 0;
  /** The keys of requests that have not ended yet. */
  #requests = new Map();
  /** The responses that wait for a flow-control window, by stream. */
  #waiting = new Map();

  constructor(socket, counters) {
    this.#socket = socket;
    this.#counters = counters;
    const settings = Buffer.alloc(6);
    settings.writeUInt16BE(3, 0);
    settings.writeUInt32BE(maxConcurrentStreams, 2);
    this.#out.push(
      encodeFrame(SETTINGS, 0, 0, settings),
      encodeWindowUpdate(uploadWindow - 65_535),
    );
  }

  read(chunk) {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    if (!this.#hasPreface && data.length >= preface) {
      this.#hasPreface = true;
      at = preface;
    }
    while (this.#hasPreface && data.length - at >= frameHead) {
      const end = at + frameHead + data.readUIntBE(at, 3);
      if (end > data.length) {
        break;
      }
      this.#readFrame(
        data[at + 3],
        data[at + 4],
        data.readUInt32BE(at + 5) & 0x7fff_ffff,
        data.subarray(at + frameHead, end),
      );
      at = end;
    }
    this.#rest = data.subarray(at);
    if (this.#out.length > 0) {
      this.#socket.write(this.#out.length === 1 ? this.#out[0] : Buffer.concat(this.#out));
      this.#out = [];
    }
  }

  #readFrame(type, flags, stream, payload) {
    switch (type) {
      case DATA:
        if ((flags & PADDED) !== 0) {
          throw new Error("padding is not supported");
        }
        this.#extendUploadWindow(payload.length);
        this.#readRequest(stream, flags, payload);
        break;
      case SETTINGS:
        if ((flags & ACK) === 0) {
          this.#applySettings(payload);
          this.#out.push(encodeFrame(SETTINGS, ACK, 0));
        }
        break;
      case PING:
        if ((flags & ACK) === 0) {
          this.#out.push(encodeFrame(PING, ACK, 0, payload));
        }
        break;
      case WINDOW_UPDATE:
        this.#extendWindow(stream, payload.readUInt32BE(0));
        break;
      case RST_STREAM:
        this.#requests.delete(stream);
        this.#waiting.delete(stream);
        break;
    }
  }

  #extendUploadWindow(bytes) {
    this.#uploaded += bytes;
    if (this.#uploaded > uploadWindow / 2) {
      this.#out.push(encodeWindowUpdate(this.#uploaded));
      this.#uploaded = 0;
    }
  }

  #applySettings(settings) {
    for (let at = 0; at < settings.length; at += 6) {
      if (settings.readUInt16BE(at) === 4) {
        const size = settings.readUInt32BE(at + 2);
        for (const response of this.#waiting.values()) {
          response.window += size - this.#streamWindow;
        }
        this.#streamWindow = size;
      }
    }
  }

  #extendWindow(stream, bytes) {
    if (stream === 0) {
      this.#window += bytes;
    } else {
      const response = this.#waiting.get(stream);
      if (response === undefined) {
        return;
      }
      response.window += bytes;
    }
    for (const [waiting, response] of this.#waiting) {
      this.#send(waiting, response);
    }
  }

  /** Reads a part of a request. Clients send the message in one frame. Some end the stream in a second, empty frame. */
  #readRequest(stream, flags, payload) {
    if (payload.length > 0) {
      this.#requests.set(stream, grpcKey(payload.subarray(5)));
    }
    if ((flags & END_STREAM) === 0) {
      return;
    }
    const key = this.#requests.get(stream);
    this.#requests.delete(stream);
    this.#counters.requests++;
    const response = encodeOnce(key);
    if (response === null) {
      return;
    }
    const { complete, streamIds, body } = response;
    if (complete !== undefined && body <= this.#window && body <= this.#streamWindow) {
      this.#window -= body;
      const bytes = Buffer.from(complete);
      for (const at of streamIds) {
        bytes.writeUInt32BE(stream, at);
      }
      this.#out.push(bytes);
      return;
    }
    const { message } = response;
    this.#out.push(encodeFrame(HEADERS, END_HEADERS, stream, headers));
    const waiting = { message, trailers: response.trailers, at: 0, window: this.#streamWindow };
    this.#waiting.set(stream, waiting);
    this.#send(stream, waiting);
  }

  #send(stream, response) {
    const { message, trailers } = response;
    while (response.at < message.length) {
      const bytes = Math.min(maxFrame, message.length - response.at, this.#window, response.window);
      if (bytes <= 0) {
        return;
      }
      this.#out.push(
        encodeFrame(DATA, 0, stream, message.subarray(response.at, response.at + bytes)),
      );
      response.at += bytes;
      response.window -= bytes;
      this.#window -= bytes;
    }
    this.#out.push(encodeFrame(HEADERS, END_HEADERS | END_STREAM, stream, trailers));
    this.#waiting.delete(stream);
  }
}

/** The response to a call without a message, which some clients send for a call that is cancelled at once. */
const noMessage = { message: undefined, trailers: [["grpc-status", "13"]] };

/** The encoded responses that were requested so far. */
const responses = new Map();

function encodeOnce(key) {
  let response = responses.get(key);
  if (response === undefined) {
    const create = key === undefined ? () => noMessage : grpcResponses.get(key);
    if (create === undefined) {
      throw new Error(`no response for the request ${Buffer.from(key, "latin1").toString("hex")}`);
    }
    response = create === null ? null : encodeResponse(create());
    responses.set(key, response);
  }
  return response;
}
