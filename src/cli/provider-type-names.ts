import { providerTypes } from "../../gen/providers.js";
import type { ProviderType } from "../providers/index.js";

/** The types of providers that can be created. */
export const providerTypeNames = Object.keys(providerTypes) as ProviderType[];
