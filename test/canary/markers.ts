/** What every text marker begins with: nothing else in a log looks like it. */
export const textPrefix = "Qz7Kw3xV";
/** The same for markers that are numbers. */
export const numberPrefix = "58207413";

/** Planted secrets, each with a core of its own. A core is ASCII letters and digits, which most encodings leave alone. */
export interface Markers {
  /** The core of a new text marker. `label` says where it is planted. */
  text(label: string): string;
  /** A new marker of digits, which is an exact number too. */
  digits(label: string): string;
  /** Where a core was planted. */
  labelOf(core: string): string;
  readonly count: number;
}

export function createMarkers(): Markers {
  // Host names come back in lower case.
  const labels = new Map<string, string>();
  const plant = (prefix: string, radix: number, label: string): string => {
    const core = prefix + (labels.size + 1).toString(radix).padStart(5, "0");
    labels.set(core.toLowerCase(), label);
    return core;
  };
  return {
    text: (label) => plant(textPrefix, 36, label),
    digits: (label) => plant(numberPrefix, 10, label),
    labelOf: (core) => labels.get(core.toLowerCase()) ?? "unknown",
    get count() {
      return labels.size;
    },
  };
}
