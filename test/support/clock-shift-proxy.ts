import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { timeHeaders } from "./time-headers.js";

/** A proxy that shifts the times in the headers of responses. */
export interface ClockShiftProxy extends AsyncDisposable {
  readonly url: string;
}

/** Starts a proxy for HTTP/1 to a port of this machine. It adds `shiftMs` to the times in the headers of responses. */
export async function startClockShiftProxy(
  targetPort: number,
  shiftMs: number,
): Promise<ClockShiftProxy> {
  const server = http.createServer((request, response) => {
    const { method, url: path, headers } = request;
    const forwarded = http.request(
      { port: targetPort, host: "localhost", method, path, headers },
      (received) => {
        response.writeHead(received.statusCode ?? 0, shiftTimes(received.headers, shiftMs));
        received.pipe(response);
      },
    );
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function shiftTimes(headers: http.IncomingHttpHeaders, shiftMs: number): http.OutgoingHttpHeaders {
  const shifted = timeHeaders.flatMap((name) => {
    const value = headers[name];
    return typeof value === "string"
      ? [[name, new Date(Date.parse(value) + shiftMs).toUTCString()]]
      : [];
  });
  return { ...headers, ...Object.fromEntries(shifted) };
}
