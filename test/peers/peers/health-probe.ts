import { expectCommand } from "../expect.js";
import type { Peer } from "../peer.js";
import { installGoTool } from "../tools.js";

const version = "v0.4.62";

export const healthProbe: Peer = {
  id: "health-probe",
  name: "grpc-health-probe",
  checks: "the health of the server, and of an unknown service",
  async run({ address }) {
    const path = "github.com/grpc-ecosystem/grpc-health-probe";
    const file = await installGoTool({ path, version });
    const args = ["-addr", address];
    await expectCommand({ file, args });
    await expectCommand({
      file,
      args: [...args, "-service", "zitadel.management.v1.ManagementService"],
      fails: "code = NotFound desc = unknown service",
    });
    return version;
  },
};
