import { expectCommand } from "../expect.js";
import type { Peer } from "../peer.js";
import { installGoTool } from "../tools.js";

const version = "v1.9.4";
const service = "zitadel.management.v1.ManagementService";

export const grpcurl: Peer = {
  id: "grpcurl",
  name: "grpcurl",
  checks: "reflection with options, writes, reads, errors, and health over gRPC",
  async run({ address, token }) {
    const file = await installGoTool({
      path: "github.com/fullstorydev/grpcurl/cmd/grpcurl",
      version,
    });
    const expect = (args: readonly string[], prints: readonly string[]) =>
      expectCommand({ file, args: ["-plaintext", ...args], prints });
    const authorization = ["-H", `authorization: Bearer ${token}`];

    await expect([address, "list"], ["grpc.health.v1.Health", service]);
    await expect(
      [address, "describe", `${service}.AddGoogleProvider`],
      [`post: "/idps/google"`, `permission: "org.idp.write"`],
    );
    await expect(
      [address, "describe", "zitadel.management.v1.AddGoogleProviderRequest"],
      ["(.validate.rules) = { string: { min_len: 1, max_len: 200 } }"],
    );
    const google = JSON.stringify({ name: "Google", clientId: "id", clientSecret: "secret" });
    await expect(
      [...authorization, "-d", google, address, `${service}/AddGoogleProvider`],
      [`"id": "`],
    );
    await expect([...authorization, address, `${service}/ListProviders`], [`"name": "Google"`]);
    await expectCommand({
      file,
      args: ["-plaintext", address, `${service}/ListProviders`],
      fails: "auth header missing",
    });
    await expect([address, "grpc.health.v1.Health/List"], [`"status": "SERVING"`]);
    // Watch has no end, so the client ends it.
    await expectCommand({
      file,
      args: ["-plaintext", "-max-time", "1", address, "grpc.health.v1.Health/Watch"],
      fails: `"status": "SERVING"`,
    });
    return version;
  },
};
