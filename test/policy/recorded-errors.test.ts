import { readFileSync } from "node:fs";
import { createServer, type Http2Server } from "node:http2";
import { createServer as createHttp1, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { DescMethodUnary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  Code,
  createIdpClient,
  type IdpClient,
  isZitadelError,
  type Protocol,
  ZitadelError,
} from "zitadel-idp";
import { AdminService } from "zitadel-idp/admin";
import { methods } from "../../src/emulator/methods.js";

/** An error of a real server, as each protocol carried it. */
interface RecordedError {
  rpc: string;
  name: string;
  json: { status: number; headers: Record<string, string>; body: string };
  grpc: { headers: Record<string, string>; trailers: Record<string, string> };
  "grpc-web": { headers: Record<string, string> };
}

const errors = JSON.parse(
  readFileSync(new URL("../recordings/errors.json", import.meta.url), "utf8"),
) as RecordedError[];

let http1: Server;
let http2: Http2Server;
let clients: Record<Protocol, IdpClient>;
beforeAll(async () => {
  const recorded = (header: string | string[] | undefined): RecordedError => {
    const found = errors[Number(header)];
    if (found === undefined) {
      throw new Error(`no recorded error ${String(header)}`);
    }
    return found;
  };
  http1 = createHttp1((request, response) => {
    const found = recorded(request.headers["x-case"]);
    const answer = request.url?.startsWith("/zitadel.")
      ? { status: 200, body: "", ...found["grpc-web"] }
      : found.json;
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  http2 = createServer();
  http2.on("stream", (stream, headers) => {
    const { grpc } = recorded(headers["x-case"]);
    stream.respond({ ":status": 200, ...grpc.headers }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers(grpc.trailers));
    stream.end();
  });
  await Promise.all(
    [http1, http2].map((server) => new Promise<void>((resolve) => server.listen(0, resolve))),
  );
  const connect = (protocol: Protocol, server: Server | Http2Server): IdpClient =>
    createIdpClient({
      baseUrl: `http://localhost:${(server.address() as AddressInfo).port}`,
      protocol,
      retry: false,
    });
  clients = {
    json: connect("json", http1),
    "grpc-web": connect("grpc-web", http1),
    grpc: connect("grpc", http2),
  };
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.close()));
  http1.close();
  http2.close();
});

/** The RPC; another one for the few v2 ones, whose errors have another form. */
function methodOf(rpc: string): DescMethodUnary {
  const [service = "", name = ""] = rpc.split("/");
  return methods.get(service)?.get(name) ?? AdminService.method.listProviders;
}

async function call(protocol: Protocol, index: number): Promise<ZitadelError> {
  const method = methodOf(errors[index]?.rpc ?? "");
  // Parts of a path must not be empty.
  const ids = /^(id|idp_id|user_id|linked_user_id)$/;
  const request = Object.fromEntries(
    method.input.fields
      .filter((field) => ids.test(field.name))
      .map((field) => [field.localName, "1"]),
  );
  const header = { "x-case": String(index) };
  try {
    await clients[protocol].transport.unary(method, undefined, undefined, header, request);
  } catch (error) {
    if (isZitadelError(error)) {
      return error;
    }
    throw error;
  }
  throw new Error("there was no error");
}

/** Returns all facts of an error, except its protocol, headers and time. */
function comparable(error: ZitadelError): unknown {
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

test("there are more than 200 of them, of most codes", () => {
  expect(errors.length).toBeGreaterThan(200);
});

test.each(errors.map(({ rpc, name }, index) => ({ rpc, name, index })))(
  "$rpc, $name: the same error on each wire",
  async ({ rpc, index }) => {
    const [json, grpc, grpcWeb] = await Promise.all([
      call("json", index),
      call("grpc", index),
      call("grpc-web", index),
    ]);
    expect(comparable(json)).toEqual(comparable(grpc));
    expect(comparable(grpcWeb)).toEqual(comparable(grpc));
    expect([json.protocol, grpc.protocol, grpcWeb.protocol]).toEqual(["json", "grpc", "grpc-web"]);
    const method = methodOf(rpc);
    expect(grpc.rpc).toBe(`${method.parent.typeName}/${method.name}`);
    const recorded = JSON.parse(errors[index]?.json.body ?? "") as {
      code: number;
      message: string;
      details?: { id?: string }[];
    };
    expect(grpc).toMatchObject({ code: recorded.code, rawMessage: recorded.message });
    const id = recorded.details?.[0]?.id;
    if (id !== undefined) {
      expect(grpc.id).toBe(id);
    }
    // Rejections are certain, whatever the RPC.
    if (![Code.Internal, Code.Unknown].includes(recorded.code)) {
      expect(grpc.outcome).toBe("not_done");
    }
  },
);
