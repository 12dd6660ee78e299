import { type ExecFileException, execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** A project with the package installed as for users. */
export interface Project extends AsyncDisposable {
  readonly directory: string;
  readonly tarball: Buffer<ArrayBuffer>;
  /** The files of the package, relative to its root. */
  readonly files: readonly string[];
  /** The size of all files together, in bytes. */
  readonly unpackedSize: number;
  /** The folder of the installed package. */
  readonly installed: string;
}

export interface PackageJson {
  readonly version: string;
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | ConditionalTarget>>;
  readonly imports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The target of an entry by condition. */
export interface ConditionalTarget {
  /** The targets of `require`. */
  readonly require: Readonly<Record<"types" | "default", string>>;
  readonly types: string;
  readonly node?: string;
  readonly default?: string;
}

/** The result of a program. */
export interface ProgramResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Packs the package, and installs it into an empty project without a registry. */
export async function installPacked(): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), "zitadel-idp-package-"));
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const { filename, files, unpackedSize } = await pack(directory);
    const installed = join(directory, "node_modules", "zitadel-idp");
    await mkdir(installed, { recursive: true });
    // Relative names, because tar reads "C:" as a host.
    const target = "node_modules/zitadel-idp";
    const unpacked = ["-xzf", filename, "--strip-components=1", "-C", target];
    expectSuccess("tar", await run("tar", unpacked, directory));
    const { dependencies = {}, peerDependencies = {} } = await readPackageJson(installed);
    // Only the declared dependencies are installed, those that are optional too, and @types/node, as in programs with TypeScript.
    const names = [...Object.keys({ ...dependencies, ...peerDependencies }), "@types/node"];
    for (const name of names) {
      const link = join(directory, "node_modules", name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(root, "node_modules", name), link, "junction");
    }
    await writeFile(join(directory, "package.json"), '{ "private": true, "type": "module" }\n');
    const tarball = await readFile(join(directory, filename));
    return {
      directory,
      tarball,
      files,
      unpackedSize,
      installed,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

export async function readPackageJson(directory: string): Promise<PackageJson> {
  return JSON.parse(await readFile(join(directory, "package.json"), "utf8")) as PackageJson;
}

/** Runs a program and waits for its end, whatever its exit code. */
export async function run(
  file: string,
  args: readonly string[],
  cwd: string,
): Promise<ProgramResult> {
  return await new Promise((resolve) => {
    // npm is a batch file on Windows, which only a shell can run.
    const options = { cwd, shell: process.platform === "win32" && file === "npm" };
    execFile(file, args, options, (error: ExecFileException | null, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ status, stdout, stderr: status === -1 ? `${String(error)}\n${stderr}` : stderr });
    });
  });
}

/** Runs `npm pack` without building again, because all tests of the build inspect the same files. */
async function pack(
  destination: string,
): Promise<{ filename: string; files: string[]; unpackedSize: number }> {
  const result = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", destination],
    root,
  );
  expectSuccess("npm pack", result);
  const [first] = JSON.parse(result.stdout) as {
    filename: string;
    files: { path: string }[];
    unpackedSize: number;
  }[];
  if (first === undefined) {
    throw new Error("npm pack has packed nothing");
  }
  const { filename, files, unpackedSize } = first;
  return { filename, files: files.map(({ path }) => path), unpackedSize };
}

function expectSuccess(program: string, { status, stdout, stderr }: ProgramResult): void {
  if (status !== 0) {
    throw new Error(`${program} ended with ${status}:\n${stdout}${stderr}`);
  }
}
