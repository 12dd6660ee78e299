// The process of one client, which opens a peer and makes its calls when the harness asks for them.
import { handleCommands } from "./handle-commands.mjs";
import { load } from "./load.mjs";

let opened;

handleCommands({
  /** Opens `peer`, a file of peers/. Returns the `about` of the peer. */
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
