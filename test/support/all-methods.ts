import type { DescMethodUnary } from "@bufbuild/protobuf";
import { methods } from "../../src/emulator/methods.js";

/** All RPCs of both services. */
export const allMethods: readonly DescMethodUnary[] = [...methods.values()].flatMap((byName) => [
  ...byName.values(),
]);
