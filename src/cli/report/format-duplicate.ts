import type { Duplicate } from "../../providers/index.js";
import { describeOwner, describeProvider, formatIdWithDate } from "../../providers/plan/labels.js";
import type { Owner } from "../../providers/plan/owner.js";
import { printable } from "../../utils/printable.js";
import type { ConnectionFlags } from "../connection/connection-flags.js";
import { quoteShellWord } from "../../utils/quote-shell-word.js";

/** The flags that the suggested commands repeat. */
type RepeatedFlags = Pick<ConnectionFlags, "url" | "org" | "profile" | "profiles">;

/** Describes a duplicate that another writer created at the same time, with the commands that resolve the conflict. */
export function formatDuplicate(
  { owner, type, name, id, others }: Duplicate,
  file: string,
  options: RepeatedFlags,
): string {
  const deleteAll = (ids: readonly string[]): string =>
    ids.map((each) => formatDeleteCommand(each, owner, options)).join(" && ");
  const ids = others.map((each) => each.id);
  const theirs = others.map(formatIdWithDate).join(", ");
  const lines =
    id === undefined
      ? [
          `someone else created ${theirs}, and this run created none`,
          `to use that one: run apply ${file === "-" ? "" : `${quoteShellWord(file)} `}again`,
          `to replace it: ${deleteAll(ids)}, then run apply again`,
        ]
      : [
          `this run created ${id}, and someone else created ${theirs}`,
          `to keep ${id}: ${deleteAll(ids)}`,
          ...ids.map((kept) => {
            const unused = [id, ...ids].filter((each) => each !== kept);
            return `to keep ${kept}: ${deleteAll(unused)}`;
          }),
        ];
  const [summary = "", ...solutions] = lines;
  return [
    `duplicate: ${describeProvider(type, name)}, ${describeOwner(owner)}: ${summary}`,
    ...solutions,
  ]
    .map((line, index) => `${index === 0 ? "" : "    "}${printable(line)}`)
    .join("\n");
}

function formatDeleteCommand(id: string, { owner, orgId }: Owner, options: RepeatedFlags): string {
  const { url, profile, profiles } = options;
  const org = orgId ?? options.org;
  const flags = [
    ["--url", url],
    ["--profile", profile],
    ["--profiles", profiles],
    ["--org", org],
  ].flatMap(([flag = "", value]) => (value === undefined ? [] : [flag, quoteShellWord(value)]));
  const instance = owner === "instance" ? ["--instance"] : [];
  return ["zitadel-idp delete", quoteShellWord(id), ...instance, ...flags].join(" ");
}
