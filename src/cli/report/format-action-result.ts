import type { ActionResult } from "../../providers/index.js";
import { getNameAfterUpdate } from "../../providers/plan/actions.js";
import { describeActionProvider } from "../../providers/plan/labels.js";
import { printable } from "../../utils/printable.js";

/** The infinitive and the past participle of each kind of action. */
const verbs = {
  create: ["create", "created"],
  update: ["update", "updated"],
  rename: ["rename", "renamed"],
  activate: ["activate", "activated"],
  deactivate: ["deactivate", "deactivated"],
  delete: ["delete", "deleted"],
} as const;

/**
 * Describes an action and its result in a few words, e.g. `created google "Google"` or `failed to update google "Google" (1)`.
 */
export function formatActionResult(
  action: ActionResult["action"],
  status: ActionResult["status"],
): string {
  const format = (verb: keyof typeof verbs, object: string): string => {
    const [infinitive, participle] = verbs[verb];
    return status === "done"
      ? `${participle} ${object}`
      : status === "failed"
        ? `failed to ${infinitive} ${object}`
        : `skipped: ${infinitive} ${object}`;
  };
  if (action.action === "create-login-policy") {
    return format("create", "a login policy");
  }
  const { name } = action.provider;
  const provider = describeActionProvider(action.provider);
  const newName = action.action === "update" ? getNameAfterUpdate(action) : name;
  return newName === name
    ? format(action.action, provider)
    : format("rename", `${provider} to ${printable(JSON.stringify(newName))}`);
}
