import { describeProvider } from "./desired-state.js";

/** A provider with its creation date, if the server returned one. */
interface DatedProvider {
  readonly id: string;
  readonly createdAt?: Date;
}

/** Describes providers of the same type and name, and the ways to choose one. */
export function severalProvidersText(
  type: string,
  name: string,
  providers: readonly DatedProvider[],
): string {
  const [first, ...others] = providers.toSorted(
    (a, b) => Number(a.createdAt ?? 0) - Number(b.createdAt ?? 0),
  );
  const list = [first, ...others].flatMap((each) => each ?? []);
  const absent = others.map(({ id }) => `{ absent: true, id: "${id}" }`).join(", ");
  return `there are ${list.length} providers ${describeProvider(type, name)}: ${list.map(idWithDate).join(", ")}. Two runs may have added it at the same time. Choose one, for example with id: "${first?.id}", and delete those that nobody uses, for example by listing ${absent}`;
}

/** Returns a provider as its id and creation date. */
export function idWithDate({ id, createdAt }: DatedProvider): string {
  return createdAt === undefined ? id : `${id} (created ${createdAt.toISOString()})`;
}
