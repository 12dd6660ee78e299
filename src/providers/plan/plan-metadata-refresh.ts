import { compareSamlEntities } from "../../formats/compare-saml-entities.js";
import { readSamlEntity } from "../../formats/saml-entity.js";
import { findMetadataProblem } from "../../formats/saml-metadata.js";
import { isError } from "../../utils/is-error.js";
import { textToBytes } from "../model/bytes-text.js";
import { toFieldValues } from "../model/field-specs.js";
import type { IdentityProvider, ProviderSettings } from "../model/provider.js";
import type { ProviderProblem } from "../provider-error.js";
import type { FieldChange } from "./actions.js";

/** A function that loads the metadata that a URL serves now. Returns undefined to keep the metadata of the provider. */
export type MetadataLoader = (
  metadataUrl: string,
  providerId: string,
) => Promise<string | undefined>;

/** The change of the metadata of a SAML provider, or the problem that prevents it. */
interface PlannedRefresh {
  readonly changes: readonly FieldChange[];
  readonly problems: readonly ProviderProblem[];
}

const nothing: PlannedRefresh = { changes: [], problems: [] };

/**
 * Plans the update of a SAML provider to the metadata that the URL of its entry serves now, if they differ in meaning from the metadata
 * in ZITADEL.
 */
export async function planMetadataRefresh(
  settings: ProviderSettings,
  provider: IdentityProvider,
  load: MetadataLoader,
): Promise<PlannedRefresh> {
  if (settings.type !== "saml" || settings.metadataUrl === undefined) {
    return nothing;
  }
  let to: string | undefined;
  try {
    to = await load(settings.metadataUrl, provider.id);
  } catch (error) {
    return rejectRefresh(isError(error) ? error.message : String(error));
  }
  if (to === undefined) {
    return nothing;
  }
  const problem = findMetadataProblem(textToBytes(to));
  if (problem !== undefined) {
    return rejectRefresh(`ZITADEL would reject the metadata: the answer ${problem}`);
  }
  const from = String(toFieldValues(provider)["metadataXml"]);
  return listMetadataDifferences(from, to).length === 0
    ? nothing
    : { changes: [{ field: "metadataXml", from, to }], problems: [] };
}

/** Describes the differences in meaning between two metadata texts. Texts that cannot be read differ if they are not equal. */
export function listMetadataDifferences(from: string, to: string): string[] {
  const [before, after] = [from, to].map((text) => readSamlEntity(textToBytes(text)));
  return before !== undefined && after !== undefined
    ? compareSamlEntities(before, after).map(({ text }) => text)
    : from === to
      ? []
      : ["the metadata differs"];
}

function rejectRefresh(reason: string): PlannedRefresh {
  return {
    changes: [],
    problems: [{ path: ["metadataUrl"], message: `cannot be refreshed: ${reason}` }],
  };
}
