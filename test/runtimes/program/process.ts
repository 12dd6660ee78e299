/** The driver as a program of Node.js, Bun and Deno: takes its setup as an argument, and prints the report. */
import { createEmulator } from "zitadel-idp/emulator";
import { drive, type Setup } from "./driver.js";

const setup = JSON.parse(process.argv[2] ?? "") as Setup;
// The program must end by itself: nothing that was closed may keep the process alive.
void drive(setup, createEmulator).then((report) => console.log(JSON.stringify(report)));
