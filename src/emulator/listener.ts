/// <reference lib="esnext.disposable" preserve="true" />
/** The options of `Emulator.listen`. */
export interface ListenOptions {
  /**
   * The TCP port. Default: 0, which picks a free port.
   *
   * @example
   * ```ts
   * const listener = await createEmulator().listen({ port: 8080 });
   * ```
   */
  port?: number | undefined;
  /**
   * The address to listen on. Default: `"127.0.0.1"`, which other machines cannot reach.
   *
   * @example
   * ```ts
   * const listener = await createEmulator().listen({ host: "0.0.0.0" });
   * ```
   */
  host?: string | undefined;
  /**
   * True to serve the control API under `/_emulator`. With it, curl and programs in other languages read the log, inject faults, set
   * the lag, reset the emulator and keep snapshots. It answers callers on this machine only. Default: false.
   *
   * @example
   * ```ts
   * const { url } = await createEmulator().listen({ control: true });
   * await fetch(`${url}/_emulator/reset`, { method: "POST" });
   * ```
   */
  control?: boolean | undefined;
  /**
   * True to serve a page at `/_emulator/ui/` that shows providers, users and the log, and sets faults, the lag and snapshots. The page
   * needs the package `@zitadel-idp/ui`. Implies `control`. Default: false.
   *
   * @example
   * ```ts
   * const { port } = await createEmulator().listen({ ui: true });
   * console.log(`http://127.0.0.1:${port}/_emulator/ui/`);
   * ```
   */
  ui?: boolean | undefined;
}

/** An emulator that listens on a port. `await using` closes it at the end of the block. */
export interface Listener extends AsyncDisposable {
  /** The base URL for clients, e.g. `"http://localhost:8080"`. Its host is the domain of the instance. */
  readonly url: string;
  /** The TCP port that is in use. */
  readonly port: number;
  /**
   * Stops listening and closes all open connections.
   *
   * @example
   * ```ts
   * const listener = await createEmulator().listen();
   * await listener.close();
   * ```
   */
  close(): Promise<void>;
}
