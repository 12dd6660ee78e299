import type { DescField } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";

/** Returns the field of a message by its proto name. Throws if there is no such field. */
export function findRequestField(message: ReflectMessage, name: string): DescField {
  const field = message.fields.find((each) => each.name === name);
  if (field === undefined) {
    throw new Error(`${message.desc.typeName} has no field ${name}`);
  }
  return field;
}

/** Returns true if a request sets a field. A field without presence is set if its value is not zero. */
export function isFieldSet(request: ReflectMessage, name: string): boolean {
  return request.isSet(findRequestField(request, name));
}

/** Returns true for the request of an add. Only the requests of updates have an id. */
export function isAddRequest(request: ReflectMessage): boolean {
  return !request.fields.some(({ name }) => name === "id");
}

/** Returns the value of a string field. */
export function readStringField(request: ReflectMessage, name: string): string {
  return String(request.get(findRequestField(request, name)));
}

/** Returns the value of a bytes field. */
export function readBytesField(request: ReflectMessage, name: string): Uint8Array {
  const value = request.get(findRequestField(request, name));
  return value instanceof Uint8Array ? value : new Uint8Array();
}

/** Returns the client secret that a request sets, or `undefined` if it sets none or its type has none. */
export function readClientSecret(request: ReflectMessage): string | undefined {
  const field = request.fields.find(({ name }) => name === "client_secret");
  return field !== undefined && request.isSet(field) ? String(request.get(field)) : undefined;
}
