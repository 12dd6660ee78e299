import { createRouterTransport, type Interceptor } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createIdpClient, ZitadelError } from "zitadel-idp";
import { createManagementClient } from "zitadel-idp/management";
import { auth, headers, org, withErrors } from "zitadel-idp/policy";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { organizationOf } from "../../src/policy/errors/error-organization.js";

const names = ["authorization", "x-zitadel-orgid", "x-zitadel-instance-host", "x-source"];

/** Creates a transport that records the headers of each call, and fails without a provider. */
function createRecorder(received: Record<string, string | null>[], interceptors: Interceptor[]) {
  return createRouterTransport(
    ({ rpc }) => {
      rpc(ManagementService.method.getProviderByID, (_, { requestHeader }) => {
        received.push(Object.fromEntries(names.map((name) => [name, requestHeader.get(name)])));
        throw new Error("no provider");
      });
    },
    { transport: { interceptors } },
  );
}

const instanceHost = "acme.example";

describe.each<[string, Record<string, string>]>([
  ["no headers of its own", {}],
  [
    "headers of its own",
    { "x-zitadel-orgid": "9", "x-source": "call", "x-zitadel-instance-host": "other.example" },
  ],
  ["an authorization of its own", { authorization: "Bearer of-the-call" }],
])("a call with %s", (_, own) => {
  test("has the same headers and the same error with a client and with the public interceptors", async () => {
    const received: Record<string, string | null>[] = [];
    const client = createIdpClient({
      transport: createRecorder(received, []),
      auth: "token",
      orgId: "7",
      instanceHost,
      headers: { "x-source": "client" },
    });
    const interceptors = [
      headers({ "X-Source": "client" }),
      org("7"),
      auth("token", { instanceHost }),
    ];
    const transport = withErrors(createRecorder(received, interceptors));
    const calls = [client.management, createManagementClient(transport)];
    const errors = await Promise.all(
      calls.map(async (management) => {
        const error = await management
          .getProviderByID({ id: "1" }, { headers: own })
          .catch((thrown: unknown) => thrown);
        return error instanceof ZitadelError ? error : undefined;
      }),
    );
    const expected = {
      authorization: "Bearer token",
      "x-zitadel-orgid": own["x-zitadel-orgid"] ?? "7",
      "x-zitadel-instance-host": own["x-zitadel-instance-host"] ?? instanceHost,
      "x-source": own["x-source"] ?? "client",
    };
    expect(received).toEqual([expected, expected]);
    expect(errors.map((error) => error && organizationOf(error))).toEqual([
      expected["x-zitadel-orgid"],
      expected["x-zitadel-orgid"],
    ]);
  });
});
