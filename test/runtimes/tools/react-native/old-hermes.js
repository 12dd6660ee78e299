// The newest Hermes in an npm package is that of 2022. These are the parts of React Native 0.80's Hermes that it lacks and the
// package uses.
const { fromByteArray, toByteArray } = require("base64-js");

const toBytes = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));

globalThis.btoa = (text) => fromByteArray(toBytes(text));
globalThis.atob = (base64) => {
  const digits = base64.replace(/=+$/, "");
  const bytes = toByteArray(digits.padEnd(Math.ceil(digits.length / 4) * 4, "="));
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
};
globalThis.TextEncoder = class {
  encode(text = "") {
    return toBytes(unescape(encodeURIComponent(text)));
  }
};
for (const { prototype } of [Array, String, Object.getPrototypeOf(Uint8Array)]) {
  prototype.at = function at(index) {
    return this[index < 0 ? this.length + index : index];
  };
}
