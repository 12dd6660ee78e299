import { readFileSync } from "node:fs";
import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Level } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { Code } from "zitadel-idp";
import { AdminService } from "zitadel-idp/admin";
import { ManagementService } from "zitadel-idp/management";
import { isAlreadyDone } from "../../src/policy/classify/already-done.js";

interface Family {
  readonly family: string;
  readonly rpcs: RegExp;
  readonly count: number;
  readonly level: Level;
  /** The statement about a second call in the documentation of each family. */
  readonly reason: RegExp;
}

const { NO_SIDE_EFFECTS, IDEMPOTENT, IDEMPOTENCY_UNKNOWN } = Level;
const done = (code: string): RegExp =>
  new RegExp(
    `^Safe to retry: after a success, a retry fails with \`${code}\` (\\S+), which then means that the call is done\\.`,
  );
const alreadyExists =
  /^Not safe to retry: a retry fails with `already_exists`, which does not show who/;

const families: readonly Family[] = [
  {
    family: "reads",
    rpcs: /^(Get|List)/,
    count: 14,
    level: NO_SIDE_EFFECTS,
    reason: /^Safe to retry: read-only\.$/,
  },
  {
    family: "adds of providers",
    rpcs: /^Add\w+Provider$/,
    count: 26,
    level: IDEMPOTENCY_UNKNOWN,
    reason: /^Not safe to retry: a retry creates a second provider\.$/,
  },
  {
    family: "adds of legacy IDPs, whose names are unique",
    rpcs: /^Add(Org)?(OIDC|JWT)IDP$/,
    count: 4,
    level: IDEMPOTENCY_UNKNOWN,
    reason: alreadyExists,
  },
  {
    family: "adds to and of login policies",
    rpcs: /^Add(IDPTo|Custom)LoginPolicy$/,
    count: 3,
    level: IDEMPOTENCY_UNKNOWN,
    reason: alreadyExists,
  },
  {
    family: "migrations",
    rpcs: /^Migrate/,
    count: 2,
    level: IDEMPOTENCY_UNKNOWN,
    reason:
      /^Not safe to retry: a retry fails with `not_found`, the same error as for an unknown id\.$/,
  },
  {
    family: "new certificates",
    rpcs: /^Regenerate/,
    count: 2,
    level: IDEMPOTENCY_UNKNOWN,
    reason: /^Not safe to retry: a retry creates another certificate\.$/,
  },
  {
    family: "updates of providers",
    rpcs: /^Update\w+Provider$/,
    count: 26,
    level: IDEMPOTENT,
    reason: /^Safe to retry: a retry sets the same (?:values|fields) again\b/,
  },
  {
    family: "updates of legacy OpenID Connect settings, which always succeed with a secret",
    rpcs: /^Update(Org)?IDPOIDCConfig$/,
    count: 2,
    level: IDEMPOTENT,
    reason:
      /^Safe to retry: after a success, a retry succeeds or fails with `failed_precondition` (\S+), which then means that the call is done\.$/,
  },
  {
    family: "other legacy updates, and those of login policies",
    rpcs: /^Update((Org)?IDP(JWTConfig)?|(Custom)?LoginPolicy)$/,
    count: 6,
    level: IDEMPOTENT,
    reason: done("failed_precondition"),
  },
  {
    family: "changes of the state of legacy IDPs",
    rpcs: /^(Deactivate|Reactivate)/,
    count: 4,
    level: IDEMPOTENT,
    reason: done("failed_precondition"),
  },
  {
    family: "removals",
    rpcs: /^(Delete|Remove|Reset)/,
    count: 8,
    level: IDEMPOTENT,
    reason: done("not_found"),
  },
];

const services = [ManagementService, AdminService];
const rpcs: readonly DescMethod[] = services.flatMap(({ methods }): DescMethod[] => [...methods]);
const documentation = new Map(services.flatMap((service) => [...readDocumentation(service)]));

test("each of the 97 RPCs belongs to one family", () => {
  expect(rpcs.length).toBe(97);
  for (const { name } of rpcs) {
    const found = families.filter((each) => each.rpcs.test(name));
    expect(
      found.map(({ family }) => family),
      name,
    ).toHaveLength(1);
  }
});

describe.each(families)("$family", (each) => {
  const members = rpcs.filter(({ name }) => each.rpcs.test(name));

  test(`are ${each.count}, and the generated code has their level`, () => {
    expect(members.length).toBe(each.count);
    expect(members.filter(({ idempotency }) => idempotency !== each.level)).toEqual([]);
  });

  test("explain in their documentation why a client may or may not retry them", () => {
    for (const method of members) {
      expect(reasonOf(method), method.name).toMatch(each.reason);
    }
  });

  test("name the error of a second call that is in the table of such errors", () => {
    for (const method of members) {
      const [, id] = each.reason.exec(reasonOf(method)) ?? [];
      const codes = [Code.NotFound, Code.FailedPrecondition].filter((code) =>
        isAlreadyDone(method, { code, id: id ?? "" }),
      );
      expect(codes.length, method.name).toBe(id !== undefined && /-/.test(id) ? 1 : 0);
    }
  });
});

test("no Add, Migrate or Regenerate has an idempotency level, so none is retried after an unknown outcome", () => {
  const twice = rpcs.filter(({ name, proto }) => {
    const isWriteOnce = /^(Add|Migrate|Regenerate)/.test(name);
    return (
      isWriteOnce &&
      proto.options !== undefined &&
      proto.options.idempotencyLevel !== IDEMPOTENCY_UNKNOWN
    );
  });
  expect(twice.map(({ name }) => name)).toEqual([]);
});

/** The paragraph about a second call. */
function reasonOf(method: DescMethod): string {
  const paragraphs = documentation.get(`${method.parent.typeName}/${method.name}`) ?? [];
  const found = paragraphs.filter((paragraph) => /safe to retry:/i.test(paragraph));
  expect(found, method.name).toHaveLength(1);
  return found[0] ?? "";
}

/** The paragraphs in front of each RPC of a service's proto file. */
function readDocumentation({ typeName, file }: (typeof services)[number]): Map<string, string[]> {
  const text = readFileSync(new URL(`../../proto/${file.name}.proto`, import.meta.url), "utf8");
  const documented = text.matchAll(/((?:^ {2}\/\/.*\n)+) {2}rpc (\w+)\(/gm);
  return new Map(
    [...documented].map(([, comment = "", name = ""]) => [
      `${typeName}/${name}`,
      comment
        .replace(/^ {2}\/\/ ?/gm, "")
        .split("\n\n")
        .map((paragraph) => paragraph.trim().replaceAll("\n", " ")),
    ]),
  );
}
