import type { DescMethodUnary } from "@bufbuild/protobuf";
import { servedMethods } from "../methods.js";
import { describeMethodNotEmulated } from "./describe-method-not-emulated.js";

/** The names in the path of a call: `/package.Service/Method`. */
interface MethodPath {
  readonly serviceName: string;
  readonly methodName: string;
}

/** Splits the path of a call. Returns `undefined` for a path with less than two parts. */
export function splitMethodPath(target: string): MethodPath | undefined {
  const [path = ""] = target.replace(/^\//, "").split("?", 1);
  const slash = path.lastIndexOf("/");
  return slash < 0
    ? undefined
    : { serviceName: path.slice(0, slash), methodName: path.slice(slash + 1) };
}

/** Returns the RPC at the path of a call, emulated or not, or `undefined` if the server has no such RPC. */
export function findMethod(target: string): DescMethodUnary | undefined {
  const { serviceName = "", methodName = "" } = splitMethodPath(target) ?? {};
  return (
    servedMethods.get(serviceName)?.get(methodName) ??
    describeMethodNotEmulated(serviceName, methodName)
  );
}
