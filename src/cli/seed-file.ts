import type { EmulatorSeed } from "../emulator/index.js";
import { checkShape } from "./check-shape.js";
import { seedShape } from "./seed-shape.js";
import { parseYaml, readText } from "./yaml-file.js";

/** Reads a seed in YAML or JSON. Throws an Error that says where in the file the mistake is. */
export function readSeedFile(file: string): EmulatorSeed {
  const yaml = parseYaml(file, readText(file, "the seed"));
  checkShape(yaml, seedShape, "the seed");
  return yaml.document.toJS() as EmulatorSeed;
}
