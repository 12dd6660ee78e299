import { UsageError } from "../errors/usage-error.js";
import { isProvided, type SettingName } from "./connection-settings.js";
import { describeSetting, type SettingsSource } from "./settings-source.js";

/** The value of a setting. */
export interface FoundSetting {
  readonly value: string;
  /** The name by which users know the setting, e.g. "--url". */
  readonly name: string;
}

/**
 * Returns the value of a setting from the first source that has one. Throws a UsageError if no source has a value, but one has an empty
 * text, with which the user does not mean the default.
 */
export function findSetting(
  sources: readonly SettingsSource[],
  setting: SettingName,
): FoundSetting | undefined {
  for (const source of sources) {
    const value = source.settings[setting];
    if (isProvided(value)) {
      return { value, name: describeSetting(source, setting) };
    }
  }
  checkNoneEmpty(sources, [setting]);
  return undefined;
}

/** Throws a UsageError if a source sets one of these settings to an empty text, which is most likely a mistake. */
export function checkNoneEmpty(
  sources: readonly SettingsSource[],
  settings: readonly SettingName[],
): void {
  const empty = sources.flatMap((source) =>
    settings
      .filter((each) => source.settings[each] !== undefined && !isProvided(source.settings[each]))
      .map((each) => describeSetting(source, each)),
  );
  if (empty.length > 0) {
    const verb = empty.length === 1 ? "is" : "are";
    throw new UsageError(
      `${empty.join(" and ")} ${verb} set but empty: set a value, or leave it out`,
    );
  }
}
