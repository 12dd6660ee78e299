import { create, type DescMessage, equals, type Message } from "@bufbuild/protobuf";

/** The fields of a message by their names in JavaScript. */
export type ChangedFields = Readonly<Record<string, unknown>>;

/** Returns the fields of `after` that differ from those of `before`, or `undefined` if none does. */
export function findChangedFields(
  schema: DescMessage,
  before: Message,
  after: Message,
): ChangedFields | undefined {
  const changed = schema.fields.flatMap(({ localName }): [string, unknown][] => {
    const [old, updated] = [readField(before, localName), readField(after, localName)];
    const withField = (value: unknown): Message => create(schema, { [localName]: value });
    const isEqual = old === updated || equals(schema, withField(old), withField(updated));
    return isEqual ? [] : [[localName, updated]];
  });
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

function readField(message: Message, name: string): unknown {
  return Object.entries(message).find(([key]) => key === name)?.[1];
}
