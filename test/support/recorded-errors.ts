import { readFileSync } from "node:fs";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import type { IdpClient, ZitadelError } from "zitadel-idp";
import { AdminService } from "zitadel-idp/admin";
import { methods } from "../../src/emulator/methods.js";
import { failureOf } from "./failure.js";
import { isIdField } from "./is-id-field.js";

/** An error of a real server, as recorded over each wire protocol. */
interface RecordedError {
  readonly rpc: string;
  readonly name: string;
  readonly json: { status: number; headers: Record<string, string>; body: string };
  readonly grpc: { headers: Record<string, string>; trailers: Record<string, string> };
  readonly "grpc-web": { headers: Record<string, string> };
}

/** The recorded errors. */
export const recordedErrors = JSON.parse(
  readFileSync(new URL("../recordings/errors.json", import.meta.url), "utf8"),
) as readonly RecordedError[];

/** Servers that respond with the recorded error whose number is in the header `x-case`. */
export interface RecordedErrorServers extends AsyncDisposable {
  /** The server for JSON and gRPC-web. */
  readonly http1Url: string;
  /** The server for gRPC. */
  readonly http2Url: string;
}

/** Starts the servers on free ports. */
export async function startRecordedErrorServers(): Promise<RecordedErrorServers> {
  const http1 = createHttp1Server((request, response) => {
    const found = recordedError(request.headers["x-case"]);
    const answer = request.url?.startsWith("/zitadel.")
      ? { status: 200, body: "", ...found["grpc-web"] }
      : found.json;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  const http2 = createHttp2Server();
  http2.on("stream", (stream, headers) => {
    const { grpc } = recordedError(headers["x-case"]);
    stream.respond({ ":status": 200, ...grpc.headers }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers(grpc.trailers));
    stream.end();
  });
  return {
    http1Url: await listen(http1),
    http2Url: await listen(http2),
    [Symbol.asyncDispose]: () => {
      http1.close();
      http1.closeAllConnections();
      http2.close();
      return Promise.resolve();
    },
  };
}

function recordedError(header: string | string[] | undefined): RecordedError {
  const found = recordedErrors[Number(header)];
  if (found === undefined) {
    throw new Error(`no recorded error ${String(header)}`);
  }
  return found;
}

async function listen(server: Pick<Server, "listen" | "address">): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** Returns the RPC of a recorded error, or ListProviders for the few RPCs of v2, which the client does not have. */
export function recordedMethod(rpc: string): DescMethodUnary {
  const [service = "", name = ""] = rpc.split("/");
  return methods.get(service)?.get(name) ?? AdminService.method.listProviders;
}

/** Makes the call of a recorded error, and returns the error. */
export async function callRecordedError(
  { transport }: Pick<IdpClient, "transport">,
  index: number,
): Promise<ZitadelError> {
  const method = recordedMethod(recordedErrors[index]?.rpc ?? "");
  // Parts of a path must not be empty.
  const request = Object.fromEntries(
    method.input.fields.filter(isIdField).map((field) => [field.localName, "1"]),
  );
  const header = { "x-case": String(index) };
  return await failureOf(transport.unary(method, undefined, undefined, header, request));
}

/** Returns the properties of an error that are the same over each wire protocol. */
export function comparableError(error: ZitadelError): unknown {
  const { name, message, rawMessage, code, id, rpc, details, zitadelDetails } = error;
  const { attempts, outcome, reason, hint } = error;
  return {
    name,
    message,
    rawMessage,
    code,
    id,
    rpc,
    zitadelDetails,
    attempts,
    outcome,
    reason,
    hint,
    details: details.map((detail) => ("type" in detail ? [detail.type, [...detail.value]] : [])),
  };
}
