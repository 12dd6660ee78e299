import { type DescMethod, hasOption } from "@bufbuild/protobuf";
import { AdminService } from "@zitadel/proto/zitadel/admin_pb.js";
import { AuthService } from "@zitadel/proto/zitadel/auth_pb.js";
import { ManagementService } from "@zitadel/proto/zitadel/management_pb.js";
import { auth_option as authOption } from "@zitadel/proto/zitadel/options_pb.js";
import { UserService } from "@zitadel/proto/zitadel/user/v2/user_service_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { methodsNotEmulated } from "../../src/emulator/methods-not-emulated.js";
import { servedMethods } from "../../src/emulator/methods.js";
import { sendRaw } from "../support/raw-http.js";

let emulator: Emulator;
let port: number;
beforeAll(async () => {
  emulator = createEmulator();
  ({ port } = await emulator.listen());
});
afterAll(() => emulator.close());

/** Each RPC of the v2 service needs a token, and has another option that says so. */
const needsToken = (method: DescMethod): boolean =>
  method.parent === UserService || hasOption(method, authOption);

test.each([ManagementService, AdminService, AuthService, UserService])(
  "lists the RPCs that need a token and that only the vendor's $typeName has",
  ({ typeName, methods }) => {
    const names = methods
      .filter(needsToken)
      .map(({ name }) => name)
      .filter((name) => servedMethods.get(typeName)?.has(name) !== true);
    expect(methodsNotEmulated[typeName]).toEqual(names.toSorted());
  },
);

describe.each([
  ["application/grpc", 2],
  ["application/grpc-web", 1],
] as const)("an RPC that the emulator does not have, called as %s", (contentType, version) => {
  const service = "zitadel.management.v1.ManagementService";
  const call = async (
    headers: Record<string, string>,
    method = "GetUserMetadata",
    message = Buffer.from([0x0a, 1, 0x31]),
  ): Promise<unknown> => {
    const response = await sendRaw(port, {
      version,
      method: "POST",
      path: `/${service}/${method}`,
      headers: { "content-type": contentType, ...headers },
      body: Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]),
    });
    const { "grpc-status": status, "grpc-message": text } = {
      ...response.headers,
      ...response.trailers,
    };
    return `${String(status)} ${decodeURIComponent(String(text))}`;
  };

  test.each([
    ["no token", {}, "16 auth header missing"],
    ["an unknown token", { authorization: "Bearer nope" }, "16 Errors.Token.Invalid (AUTH-7fs1e)"],
  ])("reports %s", async (_, headers: Record<string, string>, error) => {
    expect(await call(headers)).toBe(error);
  });

  test("is unknown to a caller with a token", async () => {
    expect(await call({ authorization: `Bearer ${emulator.token}` })).toBe(
      `12 unknown method GetUserMetadata for service ${service}`,
    );
  });

  test("is unknown without a token if the server does not have it either", async () => {
    expect(await call({}, "Nope")).toBe(`12 unknown method Nope for service ${service}`);
  });

  test("is decoded before the token is checked", async () => {
    expect(await call({}, "GetUserMetadata", Buffer.from([0xff]))).toContain("13 grpc: error");
  });
});
