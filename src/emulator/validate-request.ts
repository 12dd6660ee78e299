import type { DescField, DescMessage, DescOneof, Message } from "@bufbuild/protobuf";
import {
  isReflectList,
  isReflectMessage,
  reflect,
  type ReflectMessage,
} from "@bufbuild/protobuf/reflect";
import { Code, ConnectError } from "@connectrpc/connect";
import { operatorFieldRules, operatorRequiredOneofs } from "../../gen/operator-rules.js";
import { type FieldRules, fieldRules, requiredOneofs } from "../../gen/rules.js";

/**
 * Checks a request by the rules of its fields and throws the server's error for the first violation, without details.
 *
 * The order is the server's: fields outside a oneof, then oneofs, then fields with explicit presence.
 */
export function validateRequest(desc: DescMessage, message: Message): void {
  const violation = findViolation(reflect(desc, message));
  if (violation !== undefined) {
    throw new ConnectError(violation, Code.InvalidArgument);
  }
}

function findViolation(message: ReflectMessage): string | undefined {
  const plain = message.fields.filter(
    (field) => field.oneof === undefined && !field.proto.proto3Optional,
  );
  const optional = message.fields.filter((field) => field.proto.proto3Optional);
  for (const field of plain) {
    const violation = findFieldViolation(message, field);
    if (violation !== undefined) {
      return violation;
    }
  }
  for (const oneof of message.oneofs) {
    const violation = findOneofViolation(message, oneof);
    if (violation !== undefined) {
      return violation;
    }
  }
  for (const field of optional) {
    const violation = message.isSet(field) ? findFieldViolation(message, field) : undefined;
    if (violation !== undefined) {
      return violation;
    }
  }
  return undefined;
}

function findOneofViolation(message: ReflectMessage, oneof: DescOneof): string | undefined {
  const setField = message.oneofCase(oneof);
  if (setField !== undefined) {
    return findFieldViolation(message, setField);
  }
  const { typeName } = message.desc;
  const required = requiredOneofs[typeName] ?? operatorRequiredOneofs[typeName];
  return required?.includes(oneof.name)
    ? formatViolation(message.desc, oneof.name, "value is required")
    : undefined;
}

function findFieldViolation(message: ReflectMessage, field: DescField): string | undefined {
  const value: unknown = message.get(field);
  const { typeName } = message.desc;
  const rules = (fieldRules[typeName] ?? operatorFieldRules[typeName])?.[field.name];
  const describeViolation = (reason: string, index?: number): string =>
    formatViolation(message.desc, field.name, reason, index);

  if (isReflectList(value)) {
    const size = rules?.repeated && findSizeViolation(value.size, rules.repeated);
    if (size !== undefined) {
      return describeViolation(size);
    }
    let index = 0;
    for (const item of value) {
      const reason = findValueViolation(item, rules?.repeated?.items, field);
      if (reason !== undefined) {
        return describeViolation(reason, index);
      }
      index++;
    }
    return undefined;
  }
  if (field.fieldKind === "message" && !message.isSet(field)) {
    return undefined;
  }
  const reason = findValueViolation(value, rules, field);
  return reason === undefined ? undefined : describeViolation(reason);
}

function findSizeViolation(
  size: number,
  { minItems, maxItems }: NonNullable<FieldRules["repeated"]>,
): string | undefined {
  const tooFew = minItems !== undefined && size < minItems;
  const tooMany = maxItems !== undefined && size > maxItems;
  if (!tooFew && !tooMany) {
    return undefined;
  }
  return minItems === undefined
    ? `value must contain no more than ${maxItems} item(s)`
    : `value must contain between ${minItems} and ${maxItems} items, inclusive`;
}

function findValueViolation(
  value: unknown,
  rules: FieldRules | undefined,
  field: DescField,
): string | undefined {
  if (isReflectMessage(value)) {
    const inner = findViolation(value);
    return inner === undefined
      ? undefined
      : `embedded message failed validation | caused by: ${inner}`;
  }
  if (typeof value === "string" && rules?.string !== undefined) {
    return findLengthViolation([...value].length, rules.string, "runes");
  }
  if (value instanceof Uint8Array && rules?.bytes !== undefined) {
    return findLengthViolation(value.length, rules.bytes, "bytes");
  }
  if (typeof value === "number" && rules?.enum !== undefined && field.enum != null) {
    const { notIn = [], definedOnly } = rules.enum;
    if (notIn.includes(value)) {
      const names = notIn.map((number) => field.enum?.value[number]?.name ?? number);
      return `value must not be in list [${names.join(" ")}]`;
    }
    if (definedOnly && field.enum.value[value] === undefined) {
      return "value must be one of the defined enum values";
    }
  }
  return undefined;
}

function findLengthViolation(
  length: number,
  { len, minLen, maxLen }: { len?: number; minLen?: number; maxLen?: number },
  unit: string,
): string | undefined {
  if (len !== undefined) {
    return length === len ? undefined : `value length must be ${len} ${unit}`;
  }
  if (length >= (minLen ?? 0) && length <= (maxLen ?? Number.POSITIVE_INFINITY)) {
    return undefined;
  }
  return minLen === undefined
    ? `value length must be at most ${maxLen} ${unit}`
    : `value length must be between ${minLen} and ${maxLen} ${unit}, inclusive`;
}

/** Formats a violation. The server names messages and fields as its Go code does. */
function formatViolation(desc: DescMessage, field: string, reason: string, index?: number): string {
  const typeName = desc.parent === undefined ? desc.name : `${desc.parent.name}_${desc.name}`;
  const goName = field.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return `invalid ${typeName}.${goName}${index === undefined ? "" : `[${index}]`}: ${reason}`;
}
