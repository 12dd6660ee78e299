import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { launch, type Browser } from "puppeteer-core";

/** The browser that was started, if any. */
export interface LaunchedBrowser {
  readonly browser: Browser | undefined;
  readonly name: string;
  /** The errors of the candidates that could not be started. */
  readonly reasons: readonly string[];
  close(): Promise<void>;
}

interface Candidate {
  readonly name: string;
  /** Prepares the start. */
  prepare(): Promise<Executable> | Executable;
}

interface Executable {
  readonly path: string;
  /** The mode; `"shell"` for a build that is headless only. */
  readonly headless: true | "shell";
  readonly env?: NodeJS.ProcessEnv;
  dispose?(): Promise<void>;
}

/** Starts a browser as `launchChromium` does. Throws if no candidate works. */
export async function requireChromium(): Promise<LaunchedBrowser & { readonly browser: Browser }> {
  const { browser, ...found } = await launchChromium();
  if (browser === undefined) {
    throw new Error(
      `no browser can be started; set CHROMIUM_PATH to one:\n${found.reasons.join("\n")}`,
    );
  }
  return { browser, ...found };
}

/** Starts the first browser that works: `CHROMIUM_PATH`, the one among the dev dependencies, one of the system. */
export async function launchChromium(): Promise<LaunchedBrowser> {
  const reasons: string[] = [];
  for (const candidate of candidates()) {
    let executable: Executable | undefined;
    try {
      executable = await candidate.prepare();
      const browser = await launch({
        executablePath: executable.path,
        headless: executable.headless,
        // No further flags, in particular none that turns off web security, and with it CORS.
        args: ["--no-sandbox"],
        env: { ...process.env, ...executable.env },
      });
      const { dispose } = executable;
      return {
        browser,
        name: `${await browser.version()}, ${candidate.name}`,
        reasons,
        close: async () => {
          await browser.close();
          await dispose?.();
        },
      };
    } catch (error) {
      reasons.push(`${candidate.name}: ${error instanceof Error ? error.message : String(error)}`);
      await executable?.dispose?.();
    }
  }
  return { browser: undefined, name: "none", reasons, close: () => Promise.resolve() };
}

function candidates(): Candidate[] {
  const { CHROMIUM_PATH } = process.env;
  return [
    ...(CHROMIUM_PATH ? [installed(CHROMIUM_PATH, "CHROMIUM_PATH")] : []),
    bundled,
    ...systemPaths()
      .filter((path) => existsSync(path))
      .map((path) => installed(path, path)),
  ];
}

function installed(path: string, name: string): Candidate {
  return { name, prepare: () => ({ path, headless: true }) };
}

const bundled: Candidate = {
  name: "@sparticuz/chromium",
  async prepare() {
    if (process.platform !== "linux" || process.arch !== "x64") {
      throw new Error(`is built for linux x64, and this is ${process.platform} ${process.arch}`);
    }
    // It unpacks nothing if there is any file named `chromium` in the temporary directory.
    const directory = await mkdtemp(join(tmpdir(), "zitadel-idp-chromium-"));
    const dispose = () => rm(directory, { recursive: true, force: true });
    const before = { ...process.env };
    // It reads these at import: without a Lambda runtime, it leaves its shared libraries packed.
    process.env["AWS_LAMBDA_JS_RUNTIME"] = "nodejs20.x";
    process.env["TMPDIR"] = directory;
    try {
      const { default: chromium } = await import("@sparticuz/chromium");
      const path = await chromium.executablePath();
      await writeFontsConfig(join(directory, "fonts"));
      const { LD_LIBRARY_PATH, FONTCONFIG_PATH } = process.env;
      return { path, headless: "shell", env: { LD_LIBRARY_PATH, FONTCONFIG_PATH }, dispose };
    } catch (error) {
      await dispose();
      throw error;
    } finally {
      restoreEnvironment(before);
    }
  },
};

/**
 * Points the configuration of the fonts to the folder that they were unpacked into. It names /tmp/fonts, and Chromium ends if it has no
 * font for a text.
 */
async function writeFontsConfig(folder: string): Promise<void> {
  await writeFile(
    join(folder, "fonts.conf"),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${join(folder, "cache")}</cachedir></fontconfig>
`,
  );
}

function restoreEnvironment(before: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) {
    if (!(name in before)) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, before);
}

/** The usual paths of Chromium and related browsers. */
function systemPaths(): string[] {
  const { env } = process;
  if (process.platform === "darwin") {
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform === "win32") {
    return [env["PROGRAMFILES"], env["PROGRAMFILES(X86)"], env["LOCALAPPDATA"]].flatMap((base) =>
      base === undefined
        ? []
        : [
            join(base, "Google", "Chrome", "Application", "chrome.exe"),
            join(base, "Microsoft", "Edge", "Application", "msedge.exe"),
          ],
    );
  }
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  return (env["PATH"] ?? "")
    .split(delimiter)
    .filter((directory) => directory !== "")
    .flatMap((directory) => names.map((name) => join(directory, name)));
}
