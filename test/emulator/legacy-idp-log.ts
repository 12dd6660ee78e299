/**
 * An independent model of legacy IDPs: the log of an IDP's events, which each reader reads anew and only in part. The model shares
 * no code with the emulator, and it knows the rules of the server only as a table of who reads which events.
 */

/** The values of an event, of a request, or of a reader. */
export type Fields = Readonly<Record<string, unknown>>;

/** The kinds of events. A migration writes the first event of its target: `azureAd` or `google`. */
type Kind =
  | "idp"
  | "state"
  | "oidc config"
  | "jwt config"
  | "generic oidc"
  | "generic jwt"
  | "azureAd"
  | "google";

/** The readers of updates: each compares a request with the events that it knows. */
export type Updatable =
  | "legacyIdp"
  | "legacyOidcConfig"
  | "legacyJwtConfig"
  | "genericOidc"
  | "genericJwt"
  | "azureAd"
  | "google";

type Reader = Updatable | "provider" | "providerOidcConfig" | "providerJwtConfig";

/** The kinds of events that each reader knows. */
const readers: Readonly<Record<Reader, readonly Kind[]>> = {
  legacyIdp: ["idp"],
  legacyOidcConfig: ["oidc config"],
  legacyJwtConfig: ["jwt config"],
  genericOidc: ["idp", "oidc config", "generic oidc"],
  genericJwt: ["idp", "jwt config", "generic jwt"],
  azureAd: ["azureAd"],
  google: ["google"],
  // The name and the options that reads of the provider API return.
  provider: [
    "idp",
    "oidc config",
    "jwt config",
    "generic oidc",
    "generic jwt",
    "azureAd",
    "google",
  ],
  providerOidcConfig: ["oidc config", "generic oidc"],
  providerJwtConfig: ["jwt config", "generic jwt"],
};

/** The kind of event that each update writes. */
const writes: Readonly<Record<Updatable, Kind>> = {
  legacyIdp: "idp",
  legacyOidcConfig: "oidc config",
  legacyJwtConfig: "jwt config",
  genericOidc: "generic oidc",
  genericJwt: "generic jwt",
  azureAd: "azureAd",
  google: "google",
};

interface LoggedEvent {
  readonly kind: Kind;
  readonly sequence: number;
  readonly fields: Fields;
  /** True if reads of the legacy API skip the event, because it changes nothing that they store. */
  readonly isEmpty: boolean;
}

/** The log of one IDP. */
export class LegacyIdpLog {
  readonly #events: LoggedEvent[] = [];
  isRemoved = false;
  /** True after DeleteProvider, which the legacy API does not notice. */
  isDeletedAsProvider = false;

  constructor(
    readonly kind: "oidc" | "jwt",
    /** Returns the next sequence of the owner. */
    readonly next: () => number,
  ) {}

  /** Logs an event. */
  append(kind: Kind, fields: Fields, isEmpty = false): number {
    const sequence = this.next();
    this.#events.push({ kind, sequence, fields, isEmpty });
    return sequence;
  }

  /** Logs the fields of a request that differ from those of a reader. Returns the sequence, or `undefined` without a difference. */
  update(reader: Updatable, request: Fields, isSecretSet = false): number | undefined {
    const known = this.read(reader);
    const differing = Object.entries(request).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name] ?? zeroOf(value)),
    );
    if (differing.length === 0 && !isSecretSet) {
      return undefined;
    }
    // An event cannot hold an empty list.
    const fields = differing.filter(([, value]) => !(Array.isArray(value) && value.length === 0));
    return this.append(
      writes[reader],
      Object.fromEntries(fields),
      fields.length === 0 && !isSecretSet,
    );
  }

  /** Returns the values that a reader knows: of each field the last one. */
  read(reader: Reader): Fields {
    return Object.assign({}, ...this.#known(reader).map(({ fields }) => fields)) as Fields;
  }

  /** Returns the sequence of the last event that a reader knows. */
  lastSequence(reader: Reader): number {
    return this.#known(reader).at(-1)?.sequence ?? Number.NaN;
  }

  /** Returns the sequence that reads of the legacy API return. */
  legacySequence(): number {
    const kinds: readonly Kind[] = ["idp", "state", "oidc config", "jwt config"];
    const shown = this.#events.filter(({ kind, isEmpty }) => kinds.includes(kind) && !isEmpty);
    return shown.at(-1)?.sequence ?? Number.NaN;
  }

  get isActive(): boolean {
    return this.#events.findLast(({ kind }) => kind === "state")?.fields["isActive"] !== false;
  }

  /** The type that the IDP has in the provider API. */
  get type(): "oidc" | "jwt" | "azureAd" | "google" {
    const target = this.#events.find(({ kind }) => kind === "azureAd" || kind === "google");
    return (target?.kind as "azureAd" | "google" | undefined) ?? this.kind;
  }

  /** Returns true if an update of the legacy API finds the config: its own, or any once the state has changed. */
  hasLegacyConfig(kind: "oidc" | "jwt"): boolean {
    return (
      !this.isRemoved &&
      (kind === this.kind || this.#events.some((event) => event.kind === "state"))
    );
  }

  /**
   * Returns true if an update of the provider API finds the IDP. Those of the type after a migration do not know the removal by the
   * legacy API.
   */
  isFoundBy(reader: "genericOidc" | "genericJwt" | "azureAd" | "google"): boolean {
    if (this.isDeletedAsProvider) {
      return false;
    }
    switch (reader) {
      case "genericOidc":
        return !this.isRemoved && this.type === this.kind;
      case "genericJwt":
        return !this.isRemoved;
      default:
        return this.type === reader;
    }
  }

  #known(reader: Reader): LoggedEvent[] {
    const kinds = readers[reader];
    return this.#events.filter(({ kind }) => kinds.includes(kind));
  }
}

function zeroOf(value: unknown): unknown {
  return Array.isArray(value) ? [] : typeof value === "boolean" ? false : "";
}
