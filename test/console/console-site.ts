import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { serve, type TestServer } from "../browser/servers.js";

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** Builds the console as `npm run console` does, and serves it on an origin of its own. */
export async function serveConsole(): Promise<TestServer> {
  const outDir = await mkdtemp(join(tmpdir(), "zitadel-idp-console-"));
  const dispose = (): Promise<void> => rm(outDir, { recursive: true, force: true });
  try {
    await build({
      configFile: fileURLToPath(new URL("../../examples/console/vite.config.ts", import.meta.url)),
      logLevel: "warn",
      build: { outDir },
    });
  } catch (error) {
    await dispose();
    throw error;
  }
  const server = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = pathname === "/" ? "/index.html" : pathname;
    readFile(join(outDir, file)).then(
      (content) => {
        const type = contentTypes[extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { "content-type": type }).end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await dispose();
    },
  };
}
