import { expect, test } from "vitest";
import { formatDuplicate } from "../../src/cli/report/format-duplicate.js";
import type { Duplicate } from "../../src/providers/index.js";

const createdAt = new Date("2026-01-02T03:04:05.678Z");
const made: Duplicate = {
  owner: { owner: "org" },
  type: "google",
  name: "Google",
  id: "1",
  others: [{ id: "2", createdAt }],
};
const { id: _, ...notMade } = made;

test.each<[string, Duplicate, Parameters<typeof formatDuplicate>[2], string[]]>([
  [
    "made by both",
    made,
    {},
    [
      'duplicate: google "Google", organization: this run created 1, and someone else created 2 (created 2026-01-02T03:04:05.678Z)',
      "    to keep 1: zitadel-idp delete 2",
      "    to keep 2: zitadel-idp delete 1",
    ],
  ],
  [
    "made by three",
    { ...made, others: [{ id: "2" }, { id: "3" }] },
    {},
    [
      'duplicate: google "Google", organization: this run created 1, and someone else created 2, 3',
      "    to keep 1: zitadel-idp delete 2 && zitadel-idp delete 3",
      "    to keep 2: zitadel-idp delete 1 && zitadel-idp delete 3",
      "    to keep 3: zitadel-idp delete 1 && zitadel-idp delete 2",
    ],
  ],
  [
    "found before the add",
    notMade,
    { profile: "my profile", org: "7" },
    [
      'duplicate: google "Google", organization: someone else created 2 (created 2026-01-02T03:04:05.678Z), and this run created none',
      "    to use that one: run apply 'a b.yaml' again",
      "    to replace it: zitadel-idp delete 2 --profile 'my profile' --org 7, then run apply again",
    ],
  ],
  [
    "of one of several organizations",
    { ...made, owner: { owner: "org", orgId: "8" }, others: [{ id: "2" }] },
    { org: "7" },
    [
      'duplicate: google "Google", organization 8: this run created 1, and someone else created 2',
      "    to keep 1: zitadel-idp delete 2 --org 8",
      "    to keep 2: zitadel-idp delete 1 --org 8",
    ],
  ],
  [
    "of the instance",
    { ...made, owner: { owner: "instance" }, others: [{ id: "2" }] },
    { url: "https://acme.example" },
    [
      'duplicate: google "Google", instance: this run created 1, and someone else created 2',
      "    to keep 1: zitadel-idp delete 2 --instance --url https://acme.example",
      "    to keep 2: zitadel-idp delete 1 --instance --url https://acme.example",
    ],
  ],
])("a duplicate %s comes with the commands that resolve it", (_name, duplicate, options, lines) => {
  expect(formatDuplicate(duplicate, "a b.yaml", options).split("\n")).toEqual(lines);
});
