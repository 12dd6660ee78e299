import { trim } from "../utils/trim.js";
import type { RuleFinding } from "./lint-rule.js";

/** A provider with a name. */
interface NamedProvider {
  readonly type: string;
  readonly name: string;
}

/** A provider that shares its name with an earlier one. */
interface SameName<T> {
  readonly subject: T;
  readonly finding: RuleFinding;
}

/** The names that the login page shows for providers without a name. */
const defaultNames: ReadonlyMap<string, string> = new Map([
  ["apple", "apple"],
  ["github", "github"],
  ["gitlab", "gitlab"],
  ["google", "google"],
]);

/** Returns the active providers that have the name of an earlier active provider, so that the login page shows two equal buttons. */
export function findSameNames<T extends NamedProvider>(active: readonly T[]): SameName<T>[] {
  const first = new Map<string, T>();
  return active.flatMap((subject) => {
    const name = trim(subject.name).toLowerCase() || (defaultNames.get(subject.type) ?? "");
    const before = first.get(name);
    first.set(name, before ?? subject);
    return name === "" || before === undefined
      ? []
      : [
          {
            subject,
            finding: {
              severity: "risk",
              check: "policy/same-name",
              path: ["name"],
              message: `a provider of type ${before.type} has the same name, so users cannot tell the two buttons apart`,
              fix: "rename one of the two, or set active: false for it",
            },
          },
        ];
  });
}
