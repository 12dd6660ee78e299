/** Returns `value`, or `zero` for a number that is not in the schema, as the server stores it. */
export function replaceUnknownEnum<Value extends number>(
  schema: { value: Readonly<Record<number, unknown>> },
  value: Value,
  zero: Value,
): Value {
  return schema.value[value] === undefined ? zero : value;
}
