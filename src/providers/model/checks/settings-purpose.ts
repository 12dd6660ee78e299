/** The purpose of settings: to add a provider, to describe one that may already exist, or to change one. */
export type SettingsPurpose = "add" | "describe" | "patch";
