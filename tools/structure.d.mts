/** The imports and exports of one source file. */
export interface SourceModule {
  /** The imported files and names: undefined for an import of the whole module, "*" for `export *`. */
  readonly imports: readonly {
    readonly target: string;
    readonly names: ReadonlySet<string> | "*" | undefined;
  }[];
  /** The names that the file declares and exports. */
  readonly exports: ReadonlySet<string>;
  /** The exported functions, classes and other values, without types. */
  readonly values: readonly { readonly name: string; readonly isFunction: boolean }[];
  readonly identifiers: ReadonlySet<string>;
}

/** Source files by their path in the repository. */
export type Modules = ReadonlyMap<string, SourceModule>;

/** A target in package.json: a path, or a path for each condition. */
export type Target = string | Readonly<Record<string, string>>;

/** The `imports` of package.json. */
export type Aliases = Readonly<Record<string, Target>>;

export function readSources(folders: readonly string[]): Record<string, string>;
export function parseModules(sources: Readonly<Record<string, string>>, aliases?: Aliases): Modules;
export function sourcesOf(target: Target): string[];
export function findCircles(modules: Modules): string[];
export function findTwoWayFolders(modules: Modules): string[];
export function findLayerProblems(
  modules: Modules,
  layers: readonly (readonly string[])[],
): string[];
export function findSharedFileNames(modules: Modules): string[];
export function findMisnamedFiles(modules: Modules, exempt?: readonly string[]): string[];
export function findSharedExports(modules: Modules, aliases?: Aliases): string[];
export function findUnusedExports(
  modules: Modules,
  users: Modules,
  entries: readonly string[],
  tests?: Modules,
): string[];
export function findExtraAliases(aliases: Aliases): string[];
