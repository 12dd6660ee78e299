/** An object type with each property optional. Unlike `Partial`, it accepts `undefined` under `exactOptionalPropertyTypes`. */
export type Optional<T> = { [Name in keyof T]?: T[Name] | undefined };
