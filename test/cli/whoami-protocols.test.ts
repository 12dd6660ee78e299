import { describe, expect, test } from "vitest";
import { startNginx } from "../support/nginx.js";
import { useCallers } from "../support/use-callers.js";

const { listener, whoami, zitadel } = await useCallers();

describe("whoami tries each wire protocol", () => {
  /** Starts nginx, which passes the requests on whose content type fits. */
  async function startFront(condition: string) {
    const { port } = new URL(listener.url);
    return await startNginx({
      listen: "http2",
      lines: [
        "location / {",
        `  if ($content_type ${condition}) { return 403; }`,
        `  grpc_pass grpc://localhost:${port};`,
        "  grpc_set_header Host $http_host;",
        "}",
      ],
    });
  }

  test.each([
    ["grpc", '!~ "^application/grpc(\\+proto)?$"'],
    ["grpc-web", '!~ "grpc-web"'],
    ["json", '~ "grpc"'],
  ])("behind a proxy that passes only %s", async (passed, condition) => {
    await using front = await startFront(condition);
    for (const used of ["grpc", "grpc-web", "json"]) {
      const args = ["--url", `http://localhost:${front.port}`, "--protocol", used];
      const report = await whoami(args, "t-org-owner");
      expect(report.protocols).toMatchObject(
        ["grpc", "grpc-web", "json"].map((protocol) => ({
          protocol,
          inUse: protocol === used,
          getsThrough: protocol === passed,
        })),
      );
      // The facts come over the wire protocol that is reachable.
      expect(report["user"]).toMatchObject({ status: "known", value: { id: "13" } });
      const missing =
        used === passed ? [] : [{ kind: "protocol", protocol: used, alternatives: [passed] }];
      expect(report.missing).toMatchObject(missing);
      expect(report.isReady).toBe(used === passed);
    }
  });

  test("and reports the reason and the protocol to use instead", async () => {
    const { port } = new URL(listener.url);
    await using front = await startNginx({
      listen: "",
      lines: [
        "location / {",
        `  proxy_pass http://localhost:${port};`,
        "  proxy_http_version 1.1;",
        "  proxy_set_header Host $http_host;",
        "}",
      ],
    });
    const args = ["whoami", "--url", `http://localhost:${front.port}`];
    const { status, stdout } = await zitadel(args, "t-org-owner");
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /Missing:\n {2}the wire protocol grpc, which cannot be reached: .*; grpc-web and json would: use --protocol grpc-web\n/,
    );
    expect(stdout).toMatch(/\ngrpc {10}cannot be reached: see above, in use\n/);
    expect(stdout).toMatch(/\ngrpc-web {6}reachable\n/);
  });

  test("to a server that does not run", async () => {
    const report = await whoami(["--url", "http://localhost:1"], "t-org-owner");
    expect(report.missing).toMatchObject([
      { kind: "protocol", protocol: "grpc", alternatives: [] },
    ]);
    expect(report["user"]).toMatchObject({ status: "failed" });
  });
});
