import type { EmulatorState } from "../store/emulator-state.js";
import type { EndpointHandler, WireRequest, WireResponse } from "../wire/http-message.js";
import { createPlainTextResponse } from "../wire/plain-text-response.js";
import { readRequestedOrigin, rejectUnknownHost } from "../wire/requested-host.js";
import { writeServiceProviderMetadata } from "./service-provider-metadata.js";

/**
 * Serves the documents that an administrator passes to a SAML identity provider: the metadata of ZITADEL as the service provider,
 * and the certificate in PEM.
 *
 * Both documents are public. As on the real server, the HTTP method is not checked.
 */
export function createSamlEndpoints(state: EmulatorState): EndpointHandler {
  return (request) => {
    const [path = ""] = request.target.split("?", 1);
    const [, id = "", document = ""] =
      /^\/idps\/(\d+)\/saml\/(metadata|certificate)$/.exec(path) ?? [];
    return id === "" ? undefined : serveDocument(state, id, document, request);
  };
}

async function serveDocument(
  state: EmulatorState,
  id: string,
  document: string,
  request: WireRequest,
): Promise<WireResponse> {
  const rejection = rejectUnknownHost(state, request);
  if (rejection !== undefined) {
    return rejection;
  }
  await state.ready;
  const provider = [state.instance, ...state.organizations.values()]
    .map(({ providers }) => providers.get(id))
    .find((each) => each !== undefined);
  if (provider === undefined) {
    return createPlainTextResponse(400, "Errors.IDPConfig.NotExisting\n");
  }
  const options = provider.view.config?.config;
  if (options?.case !== "saml" || provider.certificate === undefined) {
    return createPlainTextResponse(400, "ID=SAML-lrud8s9coi Message=Errors.Intent.IDPInvalid\n");
  }
  const certificate = await provider.certificate.read();
  return document === "certificate"
    ? {
        status: 200,
        headers: [["content-disposition", "attachment; filename=idp.crt"]],
        body: new TextEncoder().encode(encodeCertificatePem(certificate)),
      }
    : {
        status: 200,
        headers: [["content-type", "application/samlmetadata+xml"]],
        body: new TextEncoder().encode(
          writeServiceProviderMetadata(
            readRequestedOrigin(request),
            id,
            options.value,
            certificate,
          ),
        ),
      };
}

function encodeCertificatePem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
