import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serve, type TestServer } from "../browser/servers.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const vite = join(root, "node_modules", "vite", "bin", "vite.js");

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** A chunk in the manifest of Vite. The keys of a manifest are the source files of entries and of dynamic imports. */
export interface ManifestChunk {
  readonly file: string;
  /** The keys of the chunks that this one imports statically. */
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** The built console on an origin of its own. */
export interface ConsoleSite extends TestServer {
  readonly manifest: Readonly<Record<string, ManifestChunk>>;
}

/** Builds the console as `npm run console` does, and serves it on an origin of its own. */
export async function serveConsole(): Promise<ConsoleSite> {
  const outDir = await mkdtemp(join(tmpdir(), "zitadel-idp-console-"));
  const dispose = (): Promise<void> => rm(outDir, { recursive: true, force: true });
  try {
    // A process of its own, because the tests set NODE_ENV, by which React chooses its build.
    await promisify(execFile)(
      process.execPath,
      [vite, "build", "examples/console", "--outDir", outDir, "--emptyOutDir", "--manifest"],
      { cwd: root, env: { ...process.env, NODE_ENV: "production" } },
    );
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
    manifest: JSON.parse(
      await readFile(join(outDir, ".vite", "manifest.json"), "utf8"),
    ) as ConsoleSite["manifest"],
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await dispose();
    },
  };
}
