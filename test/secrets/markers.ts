/** The beginning of every text marker. Nothing else in a log looks like it. */
export const textPrefix = "Qz7Kw3xV";
/** The beginning of markers that are numbers. */
export const numberPrefix = "58207413";

/**
 * The planted secrets, each with its own core. A core consists of ASCII letters and digits, which most encodings do not change.
 */
export interface Markers {
  /** Returns the core of a new text marker. `label` names the place where it is planted. */
  text(label: string): string;
  /** Returns a new marker of digits, which is also an exact number. */
  digits(label: string): string;
  /** Returns the place where a core was planted. */
  labelOf(core: string): string;
  readonly count: number;
}

export function createMarkers(): Markers {
  // Host names return in lower case.
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
