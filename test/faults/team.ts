import type { DesiredProviders, ProviderSettings } from "zitadel-idp/providers";
import type { Random } from "../support/random-message.js";

/** The way in which the runs of a team remember what earlier runs did. */
export type Memory = "state" | "none" | "process";

const types = ["google", "github", "gitlab", "oidc"] as const;

/** A provider that a team wants, over all its rounds. */
export interface Entry {
  readonly type: (typeof types)[number];
  name: string;
  clientId: string;
  active: boolean | undefined;
  /** The id of the provider. Undefined until one was made. */
  id: string | undefined;
  /** True if the file names the id. */
  isPinned: boolean;
  isAbsent: boolean;
}

/** The changes of one round. */
export interface Changes {
  /** New names that somebody else gives to providers on the server. */
  readonly serverRenames: readonly { readonly id: string; readonly name: string }[];
  readonly fileRenames: number;
}

/** Changes what a team wants: adds, updates, renames, removals, and the offer on the login page. */
export function changeEntries(
  random: Random,
  entries: Entry[],
  memory: Memory,
  round: number,
): Changes {
  const serverRenames: { id: string; name: string }[] = [];
  let fileRenames = 0;
  const untouched = new Set(entries);
  const pick = (): Entry | undefined => {
    const entry = untouched.size === 0 ? undefined : random.pick([...untouched]);
    if (entry !== undefined) {
      untouched.delete(entry);
    }
    return entry;
  };
  const add = (index: number): void => {
    const name = `p${round}-${index}`;
    entries.push({
      type: random.pick(types),
      name,
      clientId: `c-${name}`,
      active: random.chance(0.3) ? true : undefined,
      id: undefined,
      isPinned: false,
      isAbsent: false,
    });
  };
  const count = 1 + random.integer(3);
  for (let index = 0; index < count; index++) {
    const kind = random.integer(10);
    if (entries.length < 3 || (kind < 3 && entries.length < 7)) {
      add(index);
      continue;
    }
    const entry = pick();
    if (entry === undefined) {
      continue;
    }
    // Without a state only its id tells that a renamed entry or provider is the same.
    const isRenamed = kind >= 5 && kind < 9;
    entry.isPinned = isRenamed && (memory === "none" || random.chance(0.3));
    if (kind < 5) {
      entry.clientId = `c-${round}-${index}`;
    } else if (kind < 7) {
      entry.name = `${entry.name.split(" ")[0]} r${round}`;
      fileRenames++;
    } else if (kind < 9 && entry.id !== undefined) {
      serverRenames.push({ id: entry.id, name: `${entry.name} on the server ${round}` });
    } else if (entries.length > 3) {
      entry.isAbsent = true;
    } else {
      entry.active = entry.active !== true;
    }
  }
  return { serverRenames, fileRenames };
}

/** Returns the entries as `apply` takes them; with `pinAll`, each with its id if it has one. */
export function desiredProviders(
  entries: readonly Entry[],
  { secret, pinAll = false }: { secret: string; pinAll?: boolean },
): DesiredProviders {
  return {
    createLoginPolicy: true,
    providers: entries.map(({ type, name, clientId, active, id, isPinned, isAbsent }) => {
      const pin = id !== undefined && (isPinned || pinAll) ? { id } : {};
      if (isAbsent) {
        return { absent: true as const, ...("id" in pin ? pin : { type, name }) };
      }
      const settings = {
        type,
        name,
        clientId,
        clientSecret: secret,
        ...(type === "oidc" && { issuer: "https://a.example" }),
      } as ProviderSettings;
      return { ...settings, ...pin, ...(active !== undefined && { active }) };
    }),
  };
}
