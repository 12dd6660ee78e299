// The process of one client: opens a peer and runs load on it, at the harness's command.
import { handleCommands } from "./handle-commands.mjs";
import { load } from "./load.mjs";

let opened;

handleCommands({
  /** Opens `peer`, a file of peers/. Returns the peer's description of itself. */
  async open({ peer, ...options }) {
    const { open } = await import(`../peers/${peer}.mjs`);
    opened = await open(options);
    return opened.about;
  },
  async load({ call, argument, ...options }) {
    return await load(() => opened.calls[call](argument), options);
  },
  memory() {
    globalThis.gc();
    const { heapUsed, rss } = process.memoryUsage();
    return { heapUsed, rss };
  },
});
