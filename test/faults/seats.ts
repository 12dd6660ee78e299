import type { IdpClient } from "zitadel-idp";
import type { Random } from "../support/random-message.js";
import type { WireName } from "../support/wires.js";

/** A client of a round. */
export interface Line {
  readonly client: IdpClient;
  /** The time at which it was closed by force. */
  closedMs: number | undefined;
}

/** A place for a client, which one worker uses or all workers of a wire. A client that is closed by force is replaced at once. */
export interface Seat {
  readonly wire: WireName;
  line: Line;
}

/** The clients of one round. */
export interface Seats {
  readonly forcedCloses: number;
  /** Forgets the clients of the last round. They are closed. */
  begin(): void;
  /** Opens a client, and again each time that it is closed by force. */
  add(wire: WireName, open: (generation: number) => IdpClient): Seat;
  /** Closes one of the clients of a wire by force. */
  closeByForce(wire: WireName, random: Random): Promise<void>;
  /** Closes all clients in good order. */
  end(): Promise<void>;
}

export function createSeats(): Seats {
  let seats: (Seat & { replace(): void })[] = [];
  let forcedCloses = 0;
  return {
    get forcedCloses() {
      return forcedCloses;
    },
    begin: () => void (seats = []),
    add(wire, open) {
      let generation = 0;
      const next = (): Line => ({ client: open(generation++), closedMs: undefined });
      const seat = { wire, line: next(), replace: () => void (seat.line = next()) };
      seats.push(seat);
      return seat;
    },
    async closeByForce(wire, random) {
      const ofWire = seats.filter((each) => each.wire === wire);
      if (ofWire.length === 0) {
        return;
      }
      const seat = random.pick(ofWire);
      const { line } = seat;
      seat.replace();
      forcedCloses++;
      line.closedMs = performance.now();
      await line.client.close({ force: true });
    },
    async end() {
      await Promise.all(seats.map(({ line }) => line.client.close()));
    },
  };
}
