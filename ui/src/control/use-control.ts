import { useMutation } from "@tanstack/react-query";
import { sendControl } from "./control-client.js";

/** A change by the control API. */
export interface ControlChange {
  readonly method: string;
  readonly path: string;
  /** The body, which is sent as JSON. */
  readonly body?: unknown;
}

/** The function that sends changes, and the state of the last one. */
export interface ControlState {
  send(change: ControlChange, onDone?: () => void): void;
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** Returns a function that sends changes to the control API. The page shows them when the emulator reports them. */
export function useControl(): ControlState {
  const { mutate, isPending, error } = useMutation({
    mutationFn: async ({ method, path, body }: ControlChange) =>
      await sendControl(method, path, body),
  });
  return {
    send: (change, onDone) => mutate(change, { onSuccess: () => onDone?.() }),
    isPending,
    error,
  };
}
