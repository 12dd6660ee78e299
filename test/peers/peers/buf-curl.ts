import { join } from "node:path";
import { outputOf } from "../../runtimes/command.js";
import { root } from "../../runtimes/project.js";
import { expectCommand } from "../expect.js";
import type { Peer } from "../peer.js";

const file = join(root, "node_modules", ".bin", "buf");
const service = "zitadel.management.v1.ManagementService";
const newerMethod = "zitadel.idp.v2.IdentityProviderService/GetIDPByID";

const bufCurl = (
  protocol: string,
  checks: string,
  callService: (call: BufCurl) => Promise<unknown>,
): Peer => ({
  id: `buf-${protocol}`,
  name: `buf curl --protocol ${protocol}`,
  checks,
  async run({ url, token }) {
    const run: BufCurl = (args, expected) =>
      expectCommand({
        file,
        args: ["curl", "--protocol", protocol, "--http2-prior-knowledge", ...args],
        ...expected,
      });
    await run(["--list-services", url], { prints: ["grpc.health.v1.Health", service] });
    await run(["--list-methods", url], { prints: [`${service}/AddGoogleProvider`] });
    const header = ["--header", `authorization: Bearer ${token}`];
    await callService((args, expected) =>
      run([...header, ...args, `${url}/${service}/ListProviders`], expected),
    );
    await run([...header, "--data", '{"id": "1"}', `${url}/${newerMethod}`], {
      fails: "QUERY-SAFrt",
    });
    return (await outputOf(file, ["--version"], { cwd: root, limitMs: 30_000 })).trim();
  },
});

/** Runs `buf curl` with more arguments. */
type BufCurl = (
  args: readonly string[],
  expected: { readonly prints?: readonly string[]; readonly fails?: string },
) => Promise<unknown>;

export const bufCurls: readonly Peer[] = [
  ...["grpc", "grpcweb"].map((protocol) =>
    bufCurl(protocol, "reflection, calls with its schema, and an error of a v2 service", (call) =>
      call([], { prints: ["details"] }),
    ),
  ),
  bufCurl(
    "connect",
    "reflection, and an error of a v2 service; ZITADEL's v1 services do not speak Connect",
    (call) => call([], { fails: "Not Found" }),
  ),
];
