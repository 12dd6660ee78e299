import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { Code } from "@connectrpc/connect";
import { IDPOwnerType } from "../../../../gen/zitadel/idp_pb.js";
import { findMetadataProblem } from "../../../formats/saml-metadata.js";
import { errorIds, type ErrorIds, pickErrorId } from "../../errors/error-ids.js";
import { createServerError } from "../../errors/server-error.js";
import { sendOutbound } from "../../outbound/send-outbound.js";
import { isAddRequest, isFieldSet, readBytesField, readStringField } from "../request-fields.js";
import { type RpcContext } from "../rpc-handler.js";

/** The ids of the errors of one command. */
interface MetadataIds {
  readonly empty: ErrorIds;
  readonly unreachable: ErrorIds;
  readonly malformed: ErrorIds;
}

const addErrorIds: MetadataIds = {
  empty: errorIds("3bi3esi16t", "78isv6m53a"),
  unreachable: errorIds("8vam1khq22", "ipzxvf3cv2"),
  malformed: errorIds("SF3rwhgh"),
};
const updateErrorIds: MetadataIds = {
  empty: errorIds("iw1rxnf4sf", "j6spncd74m"),
  unreachable: errorIds("iijz4h01if", "bkaiyd3rfo"),
  malformed: errorIds("dsfj3kl2", "SFqqh42"),
};

/**
 * Returns the metadata of a request, or of the URL in the request.
 *
 * Throws the server's error if the request has neither, if the URL returns no metadata, or if they are not the metadata of an
 * identity provider.
 */
export async function readProviderMetadata(
  request: ReflectMessage,
  { owner, state }: RpcContext,
): Promise<Uint8Array> {
  const isAdd = isAddRequest(request);
  const errors = isAdd ? addErrorIds : updateErrorIds;
  const createError = (id: ErrorIds, key: string): Error =>
    createServerError(Code.InvalidArgument, pickErrorId(owner, id), key);
  const url = readStringField(request, "metadata_url");
  let xml = readBytesField(request, "metadata_xml");
  if (url === "" && !isFieldSet(request, "metadata_xml")) {
    throw createError(errors.empty, "Errors.Invalid.Argument");
  }
  if (url !== "") {
    const fetched = await fetchMetadata(url, state.allowPrivateUrls);
    if (fetched === undefined) {
      throw createError(errors.unreachable, "Errors.Project.App.SAMLMetadataMissing");
    }
    xml = fetched;
  }
  // Only the add on the instance treats empty metadata as missing. All other commands treat them as malformed.
  if (isAdd && xml.length === 0 && owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM) {
    throw createError(errors.empty, "Errors.Invalid.Argument");
  }
  if (findMetadataProblem(xml) !== undefined) {
    throw createError(errors.malformed, "Errors.Project.App.SAMLMetadataFormat");
  }
  return xml;
}

/**
 * Fetches metadata. Returns `undefined` on failure, and for an address of the server's own machine or network, which the real
 * server does not fetch by default.
 */
async function fetchMetadata(url: string, allowPrivate: boolean): Promise<Uint8Array | undefined> {
  try {
    const { status, body } = await sendOutbound({ method: "GET", url }, allowPrivate);
    return status >= 200 && status < 300 ? body : undefined;
  } catch {
    return undefined;
  }
}
