// The process of one client: it opens a peer and puts load on it, as the harness says.
import { answerCommands } from "./commands.mjs";
import { load } from "./load.mjs";

let opened;

answerCommands({
  /** `peer` is a file of peers/. What it says about itself is the answer. */
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
