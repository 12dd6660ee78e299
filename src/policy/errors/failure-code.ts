/**
 * The code that only failed calls need. `loadFailureCode` imports it on demand.
 *
 * @module
 */
export { findAlreadyDone } from "../classify/already-done.js";
export { toZitadelError } from "./to-zitadel-error.js";
