import type { ProviderProblem } from "../../providers/index.js";
import { formatPath } from "../../providers/provider-error.js";
import type { FileProblem } from "../errors/file-error.js";
import type { YamlFile } from "./parse-yaml.js";

/** The path from the root of the data to a value. */
export type ValuePath = ProviderProblem["path"];

/** The problems of a file, and the places of its values, by which problems of the data get a place. */
export class LocatedProblems {
  readonly problems: FileProblem[] = [];
  /** The references to secrets whose variable or file is missing. */
  readonly absentSecrets: FileProblem[] = [];
  readonly #problemAt: YamlFile["problemAt"];
  /** The offset of each value, by the key of its path. */
  readonly #offsets = new Map<string, number>();
  /** The paths of values that could not be resolved. */
  readonly #failed = new Set<string>();
  /** The paths of values that contain a value of `#failed`. */
  readonly #withFailed = new Set<string>();

  constructor(problemAt: YamlFile["problemAt"]) {
    this.#problemAt = problemAt;
  }

  /** Records the place of a value. */
  addPlace(path: ValuePath, offset: number): void {
    this.#offsets.set(toValueKey(path), offset);
  }

  /** Adds a problem of a value that cannot be resolved. Returns undefined, which takes the place of the value. */
  fail(offset: number, path: ValuePath, message: string): undefined {
    this.problems.push(this.#failAt(offset, path, message));
  }

  /** Adds a reference to a secret whose variable or file is missing. Returns undefined, which takes the place of the secret. */
  failAbsent(offset: number, path: ValuePath, message: string): undefined {
    this.absentSecrets.push(this.#failAt(offset, path, message));
  }

  #failAt(offset: number, path: ValuePath, message: string): FileProblem {
    this.#failed.add(toValueKey(path));
    path.forEach((_, length) => this.#withFailed.add(toValueKey(path.slice(0, length))));
    return this.#problemAt(offset, prependPath(path, message), path);
  }

  /** Returns a problem in the data with its place in the file, or undefined if a failed value is the cause. */
  locate({ path, message }: ProviderProblem): FileProblem | undefined {
    // Look up the path, then its parents: a missing value has no place of its own.
    const keys = path.map((_, index) => toValueKey(path.slice(0, path.length - index)));
    if (keys.some((key) => this.#failed.has(key)) || this.#withFailed.has(toValueKey(path))) {
      return undefined;
    }
    const placed = keys.find((key) => this.#offsets.has(key)) ?? toValueKey([]);
    return this.#problemAt(this.#offsets.get(placed) ?? 0, prependPath(path, message), path);
  }
}

function prependPath(path: ValuePath, message: string): string {
  return path.length === 0 ? message : `${formatPath(path)}: ${message}`;
}

function toValueKey(path: ValuePath): string {
  return JSON.stringify(path);
}
