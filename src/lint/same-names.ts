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

function toShownName({ name, type }: NamedProvider): string {
  return trim(name).toLowerCase() || (defaultNames.get(type) ?? "");
}

/** Returns the active providers with the name of an earlier active provider: the login page shows equal buttons for them. */
export function findSameNames<T extends NamedProvider>(active: readonly T[]): SameName<T>[] {
  const byName = new Map<string, T[]>();
  for (const subject of active) {
    const name = toShownName(subject);
    byName.set(name, [...(byName.get(name) ?? []), subject]);
  }
  return active.flatMap((subject) => {
    const name = toShownName(subject);
    const namesakes = byName.get(name) ?? [];
    return name === "" || namesakes[0] === subject
      ? []
      : [
          {
            subject,
            finding: {
              severity: "risk",
              check: "policy/same-name",
              path: ["name"],
              message: `${namesakes.length} active providers have this name (${namesakes.map(({ type }) => type).join(", ")}), so users cannot tell their buttons apart`,
              fix: "rename all but one of them, or deactivate them",
              change: { field: "name" },
            },
          },
        ];
  });
}
