import type { Duplicate } from "../providers/index.js";
import { describeOwner, describeProvider, idWithDate } from "../providers/plan/labels.js";
import type { Owner } from "../providers/plan/owner.js";
import { printable } from "../utils/printable.js";
import type { ConnectionOptions } from "./connection-options.js";
import { shellWord } from "./shell-word.js";

type Connection = Pick<ConnectionOptions, "url" | "org" | "profile" | "profiles">;

/** Describes a provider that someone else created at the same time, with the commands that resolve the conflict. */
export function duplicateText(
  { owner, type, name, id, others }: Duplicate,
  file: string,
  options: Connection,
): string {
  const remove = (ids: readonly string[]): string =>
    ids.map((each) => deleteText(each, owner, options)).join(" && ");
  const ids = others.map((each) => each.id);
  const theirs = others.map(idWithDate).join(", ");
  const lines =
    id === undefined
      ? [
          `someone else created ${theirs}, and this run created none`,
          `to use that one: run apply ${file === "-" ? "" : `${shellWord(file)} `}again`,
          `to replace it: ${remove(ids)}, then run apply again`,
        ]
      : [
          `this run created ${id}, and someone else created ${theirs}`,
          `to keep ${id}: ${remove(ids)}`,
          ...ids.map((kept) => {
            const unused = [id, ...ids].filter((each) => each !== kept);
            return `to keep ${kept}: ${remove(unused)}`;
          }),
        ];
  const [first = "", ...ways] = lines;
  return [`duplicate: ${describeProvider(type, name)}, ${describeOwner(owner)}: ${first}`, ...ways]
    .map((line, index) => `${index === 0 ? "" : "    "}${printable(line)}`)
    .join("\n");
}

function deleteText(id: string, { owner, orgId }: Owner, options: Connection): string {
  const { url, profile, profiles } = options;
  const org = orgId ?? options.org;
  const flags = [
    ["--url", url],
    ["--profile", profile],
    ["--profiles", profiles],
    ["--org", org],
  ].flatMap(([flag = "", value]) => (value === undefined ? [] : [flag, shellWord(value)]));
  const instance = owner === "instance" ? ["--instance"] : [];
  return ["zitadel-idp delete", shellWord(id), ...instance, ...flags].join(" ");
}
