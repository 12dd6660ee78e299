import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createGrpcTransport } from "zitadel-idp/transport/grpc";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
import { createJsonTransport } from "zitadel-idp/transport/json";
import { auth } from "zitadel-idp/policy";
import { ListInstanceDomainsRequestSchema } from "../../gen/zitadel/admin_operators_pb.js";
import { DomainFieldName } from "../../gen/zitadel/instance_pb.js";
import { OrgFieldName } from "../../gen/zitadel/org_pb.js";
import { SecondFactorType } from "../../gen/zitadel/policy_pb.js";
import { createOperatorClient, type OperatorClient } from "../../src/services/operator-client.js";

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [{ name: "Zoo" }, { name: "Acme Inc." }, { name: "Old", state: "removed" }],
    },
  });
  listener = await emulator.listen();
});
afterAll(() => emulator.close());

const transports = {
  gRPC: createGrpcTransport,
  "gRPC-web": createGrpcWebTransport,
  JSON: createJsonTransport,
};

describe.each(Object.entries(transports))("the client for operators over %s", (_, connect) => {
  let client: OperatorClient;
  beforeAll(() => {
    const transport: Transport = connect({
      baseUrl: listener.url,
      interceptors: [auth(emulator.token)],
    });
    client = createOperatorClient(transport);
  });

  test("shows the caller, its roles and its permissions", async () => {
    const { user } = await client.auth.getMyUser({});
    expect(user).toMatchObject({ userName: "owner", type: { case: "machine" } });
    const { result: memberships } = await client.auth.listMyMemberships({
      queries: [{ query: { case: "iamQuery", value: { iam: true } } }],
    });
    expect(memberships).toMatchObject([
      { userId: user?.id, roles: ["IAM_OWNER"], type: { case: "iam", value: true } },
    ]);
    const { result: permissions } = await client.auth.listMyZitadelPermissions({});
    expect(permissions).toContain("iam.idp.write");
  });

  test("finds organizations by name, sorted, without removed ones", async () => {
    const { result } = await client.admin.listOrgs({
      query: { asc: true },
      sortingColumn: OrgFieldName.NAME,
    });
    expect(result.map(({ name, primaryDomain }) => [name, primaryDomain])).toEqual([
      ["Acme Inc.", "acme-inc.localhost"],
      ["Zoo", "zoo.localhost"],
    ]);
    const { org } = await client.management.getMyOrg({});
    expect(org).toMatchObject({ id: emulator.orgId, name: "Zoo" });
    const unknown = client.admin.getOrgByID({ id: "999999999999999999" });
    await expect(unknown).rejects.toMatchObject({ code: Code.NotFound });
  });

  test("lists the domains of the instance, sorted by a column", async () => {
    const { result } = await client.admin.listInstanceDomains({
      query: { asc: false },
      sortingColumn: DomainFieldName.PRIMARY,
    });
    expect(result.map(({ domain, primary }) => [domain, primary])).toEqual([
      ["localhost", true],
      [expect.stringMatching(/^zitadel-[a-z]{6}\.localhost$/), false],
    ]);
  });

  test("adds and removes a factor, and finds both events", async () => {
    const type = SecondFactorType.OTP_SMS;
    await client.admin.addSecondFactorToLoginPolicy({ type });
    const { result } = await client.admin.listLoginPolicySecondFactors({});
    expect(result).toContain(type);
    const again = client.admin.addSecondFactorToLoginPolicy({ type });
    await expect(again).rejects.toMatchObject({
      code: Code.AlreadyExists,
      rawMessage: "Errors.Instance.MFA.AlreadyExists (INSTANCE-2B0ps)",
    });
    await client.admin.removeSecondFactorFromLoginPolicy({ type });
    const { events } = await client.admin.listEvents({ limit: 2, aggregateTypes: ["instance"] });
    expect(events.map((event) => [event.type?.type, event.payload])).toEqual([
      ["instance.policy.login.secondfactor.removed", { mfaType: type }],
      ["instance.policy.login.secondfactor.added", { mfaType: type }],
    ]);
  });

  test("reads the health of each service without a token", async () => {
    const {
      admin,
      auth: ofUser,
      management,
    } = createOperatorClient(connect({ baseUrl: listener.url }));
    await Promise.all([admin.healthz({}), ofUser.healthz({}), management.healthz({})]);
    const failure: unknown = await ofUser.getMyUser({}).catch((reason: unknown) => reason);
    expect(ConnectError.from(failure).code).toBe(Code.Unauthenticated);
  });
});

test("filters of ListInstanceDomains fit into messages, but not into the query of its REST route", async () => {
  const request = create(ListInstanceDomainsRequestSchema, {
    queries: [{ query: { case: "generatedQuery", value: { generated: false } } }],
  });
  const options = { baseUrl: listener.url, interceptors: [auth(emulator.token)] };
  const overGrpc = createOperatorClient(createGrpcTransport(options));
  const { result } = await overGrpc.admin.listInstanceDomains(request);
  expect(result.map(({ domain }) => domain)).toEqual(["localhost"]);
  const overJson = createOperatorClient(createJsonTransport(options));
  await expect(overJson.admin.listInstanceDomains(request)).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: expect.stringContaining("call over gRPC or gRPC-web") as unknown,
  });
});
