import {
  type DescEnumValue,
  type DescField,
  type DescMessage,
  type DescService,
  fromBinary,
  fromJsonString,
  toBinary,
  toJson,
  toJsonString,
} from "@bufbuild/protobuf";
import {
  DescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  StructSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { AdminService as VendorAdminService } from "@zitadel/proto/zitadel/admin_pb.js";
import { AuthService as VendorAuthService } from "@zitadel/proto/zitadel/auth_pb.js";
import { IdentityProviderService as VendorIdentityProviderService } from "@zitadel/proto/zitadel/idp/v2/idp_service_pb.js";
import { ManagementService as VendorManagementService } from "@zitadel/proto/zitadel/management_pb.js";
import { describe, expect, test } from "vitest";
import { AdminOperatorsService } from "../../gen/zitadel/admin_operators_pb.js";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { AuthService } from "../../gen/zitadel/auth_pb.js";
import { IdentityProviderService } from "../../gen/zitadel/idp/v2/idp_service_pb.js";
import { ManagementOperatorsService } from "../../gen/zitadel/management_operators_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { ErrorDetailSchema } from "../../gen/zitadel/error/v2/error_pb.js";
import { createRandom, randomMessage } from "../support/random-message.js";

const seeds = [1, 2, 3, 5, 8, 13];

// The names that the vendor's package 1.3.1 does not have yet. Everything else must be the same on both sides.
const newerMethods = [
  "zitadel.management.v1.ManagementService/AddZitadelProvider",
  "zitadel.management.v1.ManagementService/UpdateZitadelProvider",
  "zitadel.admin.v1.AdminService/AddZitadelProvider",
  "zitadel.admin.v1.AdminService/UpdateZitadelProvider",
];
const newerFields = [
  "zitadel.admin.v1.AddJWTProviderRequest.audience",
  "zitadel.admin.v1.AddSAMLProviderRequest.signature_algorithm",
  "zitadel.admin.v1.UpdateJWTProviderRequest.audience",
  "zitadel.admin.v1.UpdateSAMLProviderRequest.signature_algorithm",
  "zitadel.idp.v1.JWTConfig.audience",
  "zitadel.idp.v1.ProviderConfig.zitadel",
  "zitadel.idp.v1.SAMLConfig.signature_algorithm",
  "zitadel.idp.v2.IDPConfig.zitadel",
  "zitadel.idp.v2.JWTConfig.audience",
  "zitadel.idp.v2.SAMLConfig.signature_algorithm",
  "zitadel.management.v1.AddJWTProviderRequest.audience",
  "zitadel.management.v1.AddSAMLProviderRequest.signature_algorithm",
  "zitadel.management.v1.UpdateJWTProviderRequest.audience",
  "zitadel.management.v1.UpdateSAMLProviderRequest.signature_algorithm",
];
const newerEnumValues = [
  "zitadel.idp.v1.ProviderType.PROVIDER_TYPE_ZITADEL",
  "zitadel.idp.v2.IDPType.IDP_TYPE_ZITADEL",
  "zitadel.policy.v1.SecondFactorType.SECOND_FACTOR_TYPE_RECOVERY_CODES",
];

const newer = new Set([...newerFields, ...newerEnumValues]);
const isNewer = (desc: DescField | DescEnumValue): boolean =>
  newer.has(`${desc.parent.typeName}.${desc.name}`);

interface Pair {
  typeName: string;
  ours: DescMessage;
  theirs: DescMessage;
}

const services: [ours: DescService, theirs: DescService][] = [
  [ManagementService, VendorManagementService],
  [AdminService, VendorAdminService],
  [ManagementOperatorsService, VendorManagementService],
  [AdminOperatorsService, VendorAdminService],
  [AuthService, VendorAuthService],
  [IdentityProviderService, VendorIdentityProviderService],
];
const missingMethods: string[] = [];
const pairs = new Map<string, Pair>();
for (const [ours, theirs] of services) {
  for (const method of ours.methods) {
    const twin = theirs.methods.find(({ name }) => name === method.name);
    if (!twin) {
      missingMethods.push(`${ours.typeName}/${method.name}`);
      continue;
    }
    for (const pair of [
      { ours: method.input, theirs: twin.input },
      { ours: method.output, theirs: twin.output },
    ]) {
      pairs.set(pair.ours.typeName, { typeName: pair.ours.typeName, ...pair });
    }
  }
}

/** The pairs and every message that is part of both. */
function withParts(roots: Iterable<Pair>): Map<string, Pair> {
  const found = new Map<string, Pair>();
  const visit = (pair: Pair): void => {
    if (found.has(pair.typeName)) return;
    found.set(pair.typeName, pair);
    for (const field of pair.ours.fields) {
      const twin = pair.theirs.fields.find(({ number }) => number === field.number);
      if (field.message && twin?.message) {
        visit({ typeName: field.message.typeName, ours: field.message, theirs: twin.message });
      }
    }
  };
  for (const root of roots) visit(root);
  return found;
}

function describeField(field: DescField): string {
  const type = field.message?.typeName ?? field.enum?.typeName ?? `scalar ${field.scalar}`;
  const oneof = field.oneof ? ` in ${field.oneof.name}` : "";
  return `${field.parent.typeName}.${field.name} = ${field.number}, ${field.fieldKind} of ${type}, presence ${field.presence}, JSON ${field.jsonName}${oneof}`;
}

function enumValues(pair: Pair, side: "ours" | "theirs"): string[] {
  const common = pair.ours.fields.filter(
    ({ number }) => pair.theirs.fields.find((field) => field.number === number)?.enum,
  );
  return pair[side].fields
    .filter(({ number }) => common.some((field) => field.number === number))
    .flatMap((field) => field.enum?.values ?? [])
    .filter((value) => !isNewer(value))
    .map((value) => `${value.parent.typeName}.${value.name} = ${value.number}`);
}

describe("our schema compared with ZITADEL's @zitadel/proto", () => {
  const parts = [...withParts(pairs.values()).values()];

  test("covers the requests and responses of the 122 RPCs that both sides have, and all their parts", () => {
    expect(missingMethods).toEqual(newerMethods);
    expect(pairs.size).toBe(244);
    expect(parts.length).toBe(333);
  });

  test("has every field and enum value that the vendor has, with the same number, type and names", () => {
    for (const pair of parts) {
      expect(pair.theirs.typeName).toBe(pair.ours.typeName);
      expect(pair.ours.fields.filter((field) => !isNewer(field)).map(describeField)).toEqual(
        pair.theirs.fields.map(describeField),
      );
      expect(enumValues(pair, "ours")).toEqual(enumValues(pair, "theirs"));
    }
  });

  test("has additional elements only in the listed places", () => {
    const known = new Set(
      parts.flatMap(({ ours, theirs }) => {
        const numbers = new Set(theirs.fields.map(({ number }) => number));
        const fields = ours.fields.filter(({ number }) => !numbers.has(number));
        const values = ours.fields.flatMap((field) => {
          const twin = theirs.fields.find(({ number }) => number === field.number)?.enum;
          if (!twin) return [];
          return (field.enum?.values ?? []).filter(({ number }) => !twin.value[number]);
        });
        return [...fields, ...values].map((desc) => `${desc.parent.typeName}.${desc.name}`);
      }),
    );
    expect([...known].toSorted()).toEqual([...newer].toSorted());
  });
});

describe("messages that we encode", () => {
  test.each([...pairs])(
    "%s has the same content in the vendor's code, and is encoded back unchanged",
    (_, { ours, theirs }) => {
      for (const seed of seeds) {
        const message = randomMessage(ours, createRandom(seed), { omit: isNewer });
        const bytes = toBinary(ours, message);
        const read = fromBinary(theirs, bytes);
        expect(toJson(theirs, read)).toEqual(toJson(ours, message));
        expect(fromBinary(ours, toBinary(theirs, read))).toEqual(fromBinary(ours, bytes));
        expect(toBinary(theirs, read)).toEqual(bytes);
      }
    },
  );

  test.each([...pairs])(
    "%s is unchanged after the vendor's code has read and written it, with all newer elements",
    (_, { ours, theirs }) => {
      for (const seed of seeds) {
        const message = randomMessage(ours, createRandom(seed));
        const bytes = toBinary(ours, message);
        const back = fromBinary(ours, toBinary(theirs, fromBinary(theirs, bytes)));
        expect(toJson(ours, back)).toEqual(toJson(ours, message));
        expect(toBinary(ours, back)).toEqual(bytes);
      }
    },
  );
});

describe("messages that the vendor's code encodes", () => {
  test.each([...pairs])(
    "%s has the same content in our code, and is encoded back unchanged",
    (_, { ours, theirs }) => {
      for (const seed of seeds) {
        const message = randomMessage(theirs, createRandom(seed));
        const bytes = toBinary(theirs, message);
        const read = fromBinary(ours, bytes);
        expect(toJson(ours, read)).toEqual(toJson(theirs, message));
        expect(fromBinary(theirs, toBinary(ours, read))).toEqual(fromBinary(theirs, bytes));
        expect(toBinary(ours, read)).toEqual(bytes);
      }
    },
  );
});

describe("elements that are newer than the vendor's code", () => {
  const parts = withParts(pairs.values());

  test.each(newerFields)("%s survives there as an unknown field", (name) => {
    const dot = name.lastIndexOf(".");
    const pair = parts.get(name.slice(0, dot));
    const field = pair?.ours.fields.find((each) => each.name === name.slice(dot + 1));
    if (!pair || !field) throw new Error(`${name} is not part of a message that both sides have`);
    const only = (desc: DescField | DescEnumValue): boolean =>
      desc.kind === "field" && desc.parent === pair.ours && desc !== field;
    const bytes = firstThatIsNotEmpty((seed) =>
      toBinary(pair.ours, randomMessage(pair.ours, createRandom(seed), { omit: only })),
    );
    const read = fromBinary(pair.theirs, bytes);
    expect(read.$unknown?.map(({ no }) => no)).toEqual([field.number]);
    expect(toBinary(pair.theirs, read)).toEqual(bytes);
  });

  test.each(newerEnumValues)("%s survives there as a number", (name) => {
    const dot = name.lastIndexOf(".");
    const fields = [...parts.values()].flatMap((pair) =>
      pair.ours.fields
        .filter((field) => field.enum?.typeName === name.slice(0, dot))
        .map((field) => ({ pair, field })),
    );
    expect(fields.length).toBeGreaterThan(0);
    for (const { pair, field } of fields) {
      const others = (desc: DescField | DescEnumValue): boolean =>
        desc.kind === "field" ? desc !== field : desc.name !== name.slice(dot + 1);
      const bytes = firstThatIsNotEmpty((seed) =>
        toBinary(pair.ours, randomMessage(pair.ours, createRandom(seed), { omit: others })),
      );
      const read = fromBinary(pair.theirs, bytes);
      const number = field.enum?.values.find((value) => value.name === name.slice(dot + 1))?.number;
      expect(
        [toJson(pair.theirs, read)].flatMap((json) => Object.values(json as object).flat()),
      ).toContain(number);
      expect(toBinary(pair.theirs, read)).toEqual(bytes);
    }
  });
});

describe("the generator of random messages", () => {
  const types: DescMessage[] = [
    FileDescriptorProtoSchema,
    DescriptorProtoSchema,
    FieldDescriptorProtoSchema,
    StructSchema,
    ValueSchema,
    ErrorDetailSchema,
  ];

  test.each(types)(
    "makes $typeName the same for the same seed, and different for another",
    (desc) => {
      const bytes = (seed: number): string =>
        Buffer.from(toBinary(desc, randomMessage(desc, createRandom(seed)))).toString("hex");
      expect(seeds.map(bytes)).toEqual(seeds.map(bytes));
      expect(new Set(seeds.map(bytes)).size).toBeGreaterThan(1);
    },
  );

  test.each(types.map((desc) => [desc.typeName, desc] as const))(
    "makes %s so that it survives both encodings",
    (_, desc) => {
      for (const seed of seeds) {
        const message = randomMessage(desc, createRandom(seed));
        const bytes = toBinary(desc, message);
        expect(toBinary(desc, fromBinary(desc, bytes))).toEqual(bytes);
        expect(toJsonString(desc, fromJsonString(desc, toJsonString(desc, message)))).toEqual(
          toJsonString(desc, message),
        );
      }
    },
  );

  test("sets and omits every field of every message at least once", () => {
    for (const { ours } of pairs.values()) {
      const random = createRandom(21);
      const counts = new Map<DescField, number>(ours.fields.map((field) => [field, 0]));
      const rounds = 60;
      for (let round = 0; round < rounds; round++) {
        const json = toJson(ours, randomMessage(ours, random)) as object;
        for (const field of ours.fields) {
          if (field.jsonName in json) counts.set(field, (counts.get(field) ?? 0) + 1);
        }
      }
      for (const [field, count] of counts) {
        expect(count, `${ours.typeName}.${field.name}`).toBeGreaterThan(0);
        expect(count, `${ours.typeName}.${field.name}`).toBeLessThan(rounds);
      }
    }
  });
});

function firstThatIsNotEmpty(make: (seed: number) => Uint8Array): Uint8Array {
  for (let seed = 0; seed < 100; seed++) {
    const bytes = make(seed);
    if (bytes.length > 0) return bytes;
  }
  throw new Error("all messages were empty");
}
