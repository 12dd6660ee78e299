import type { DesiredProviders, ProviderSettings } from "zitadel-idp/providers";
import type { Random } from "../support/random-message.js";

/** The state of the runs: in memory, none, or in a file that processes of the command share. */
export type StateMode = "memory" | "none" | "command";

const types = ["google", "github", "gitlab", "oidc"] as const;

/** A desired provider, over all rounds. */
export interface Entry {
  readonly type: (typeof types)[number];
  name: string;
  clientId: string;
  active: boolean | undefined;
  /** The id of the provider. Undefined until it is created. */
  id: string | undefined;
  /** True if the file names the id. */
  isPinned: boolean;
  isAbsent: boolean;
}

/** The renames in one round. */
export interface Renames {
  /** The new names that another client gives to providers on the server. */
  readonly serverRenames: readonly { readonly id: string; readonly name: string }[];
  /** The number of names that changed in the file. */
  readonly fileRenames: number;
}

/** A random change of one entry. */
type Change = "client id" | "file rename" | "server rename" | "absent" | "active";

/** Changes the entries at random: adds, updates, renames and removes some, and switches `active`. Returns the renames. */
export function changeEntries(
  random: Random,
  entries: Entry[],
  mode: StateMode,
  round: number,
): Renames {
  const serverRenames: { id: string; name: string }[] = [];
  let fileRenames = 0;
  const unchanged = new Set(entries);
  const count = 1 + random.integer(3);
  for (let index = 0; index < count; index++) {
    const draw = random.integer(10);
    if (entries.length < 3 || (draw < 3 && entries.length < 7)) {
      entries.push(createEntry(random, `p${round}-${index}`));
      continue;
    }
    const entry = unchanged.size === 0 ? undefined : random.pick([...unchanged]);
    if (entry === undefined) {
      continue;
    }
    unchanged.delete(entry);
    // Without a state, only its id identifies a provider that was renamed in the file or on the server.
    const isRenamed = draw >= 5 && draw < 9;
    entry.isPinned = isRenamed && (mode === "none" || random.chance(0.3));
    const change = chooseChange(draw, entry, entries.length);
    if (change === "server rename") {
      serverRenames.push({ id: entry.id ?? "", name: `${entry.name} on the server ${round}` });
    } else {
      fileRenames += change === "file rename" ? 1 : 0;
      changeEntry(entry, change, round, index);
    }
  }
  return { serverRenames, fileRenames };
}

function createEntry(random: Random, name: string): Entry {
  return {
    type: random.pick(types),
    name,
    clientId: `c-${name}`,
    active: random.chance(0.3) ? true : undefined,
    id: undefined,
    isPinned: false,
    isAbsent: false,
  };
}

/** Returns the change for a number from 0 to 9. At least three entries stay. */
function chooseChange(draw: number, { id }: Entry, entryCount: number): Change {
  if (draw < 5) {
    return "client id";
  }
  if (draw < 7) {
    return "file rename";
  }
  if (draw < 9 && id !== undefined) {
    return "server rename";
  }
  return entryCount > 3 ? "absent" : "active";
}

function changeEntry(
  entry: Entry,
  change: Exclude<Change, "server rename">,
  round: number,
  index: number,
): void {
  switch (change) {
    case "client id":
      entry.clientId = `c-${round}-${index}`;
      break;
    case "file rename":
      entry.name = `${entry.name.split(" ")[0]} r${round}`;
      break;
    case "absent":
      entry.isAbsent = true;
      break;
    case "active":
      entry.active = entry.active !== true;
      break;
  }
}

/** Returns the entries in the form of `apply`. With `pinAll`, each entry with an id names it. */
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
