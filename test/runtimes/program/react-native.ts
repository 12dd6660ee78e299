/** The driver in React Native, with the polyfill that its versions before 0.88 need. */
// @ts-expect-error -- installed only where React Native is
// oxlint-disable-next-line import/no-unassigned-import -- it sets a global
import "@bacons/text-decoder/install";
import { drive } from "./driver.js";

globalThis.driveHere = (setup) => drive(setup);
