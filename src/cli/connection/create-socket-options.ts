import type { IdpClientOptions } from "../../index.js";
import { readTextFile } from "../files/read-text-file.js";
import type { Network } from "./find-network.js";
import type { FoundSetting } from "./find-setting.js";

/** Creates the options `proxy` and `tls` of a client. Reads the files with the certificates. */
export function createSocketOptions({
  proxy,
  caFile,
  certFile,
  keyPemFile,
  keyPassphrase,
}: Network): Pick<IdpClientOptions, "proxy" | "tls"> {
  const ca = readPem(caFile, "the certificates of the authorities");
  const cert = readPem(certFile, "the client certificate");
  const key = readPem(keyPemFile, "the private key");
  const passphrase = keyPassphrase?.value;
  const hasTls = [ca, cert, key, passphrase].some((each) => each !== undefined);
  return {
    proxy: proxy?.value.toLowerCase() === "none" ? false : proxy?.value,
    tls: hasTls ? { ca, cert, key, passphrase } : undefined,
  };
}

function readPem(file: FoundSetting | undefined, content: string): string | undefined {
  return file && readTextFile(file.value, { content, source: file.name });
}
