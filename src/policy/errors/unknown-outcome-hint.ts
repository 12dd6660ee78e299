import type { Message } from "../../utils/message.js";
import { advice } from "../../zitadel/advice-phrases.js";
import { optionText } from "../../utils/option-text.js";
import type { DescMethod } from "@bufbuild/protobuf";

/** Hints for writes that must not simply be repeated, by the first word of their names. */
const unknownOutcomeHints: readonly (readonly [name: RegExp, hint: Message])[] = [
  [/^Add/, optionText`do not simply add it again: ${advice.findAdded}`],
  [
    /^Migrate/,
    "do not simply migrate it again: read the provider, whose type shows whether it was migrated; a second migration finds none to migrate",
  ],
  [
    /^Regenerate/,
    "do not simply regenerate it again: read the provider first, because each call creates another certificate",
  ],
];

/** Returns the hint for a write of unknown outcome. Undefined for an RPC that may be repeated, or does not belong to these services. */
export function findUnknownOutcomeHint({ name, parent }: DescMethod): Message | undefined {
  return /^zitadel\.(?:admin|management)\.v1\./.test(parent.typeName)
    ? unknownOutcomeHints.find(([pattern]) => pattern.test(name))?.[1]
    : undefined;
}
