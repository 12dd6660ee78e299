// The process of the emulator as the server of the soak. It has the provider that the calls read.
import { createEmulator } from "zitadel-idp/emulator";
import { addProvider, providerId } from "../requests.mjs";
import { handleCommands } from "../harness/handle-commands.mjs";

const emulator = createEmulator({
  seed: {
    providers: [
      { id: providerId, owner: "ZITADEL", rpc: "AddGenericOIDCProvider", request: addProvider },
    ],
  },
});

handleCommands({
  async listen() {
    const { url } = await emulator.listen();
    return { http1: url, http2: url, token: emulator.token };
  },
});
