// React Native's globals, set up by its own files, over native modules that pass messages to hermes.mjs.
const send = (message) => globalThis.print(JSON.stringify(message));
const ignore = () => undefined;

/** The native calls that wait for a result, by number. */
const waiting = [];
const ask = (message) =>
  new Promise((resolve) => {
    send({ ...message, reply: waiting.push(resolve) - 1 });
  });

const nativeModules = {
  Networking: {
    sendRequest(method, url, id, headers, data, responseType) {
      send({ type: "request", method, url, id, headers, data, responseType });
    },
    abortRequest: (id) => send({ type: "abort", id }),
    addListener: ignore,
    removeListeners: ignore,
  },
  BlobModule: {
    getConstants: () => ({ BLOB_URI_SCHEME: "content", BLOB_URI_HOST: "blobs" }),
    addNetworkingHandler: ignore,
    createFromParts: (parts, id) => send({ type: "createBlob", parts, id }),
    release: (id) => send({ type: "releaseBlob", id }),
  },
  FileReaderModule: {
    readAsDataURL: ({ blobId }) => ask({ type: "readBlob", id: blobId }),
  },
  Timing: {
    createTimer: (id, ms) => send({ type: "startTimer", id, ms }),
    deleteTimer: (id) => send({ type: "stopTimer", id }),
    setSendIdleEvents: ignore,
  },
  PlatformConstants: {
    getConstants: () => ({ reactNativeVersion: { major: 0, minor: 86, patch: 3 } }),
  },
};
/* oxlint-disable no-underscore-dangle -- the names are React Native's */
globalThis.__turboModuleProxy = (name) => nativeModules[name];
globalThis.__fbBatchedBridgeConfig = { remoteModuleConfig: [] };
/* oxlint-enable no-underscore-dangle */

// The files that InitializeCore loads, without those for screens and developer tools.
/* oxlint-disable import/no-unassigned-import -- they set up globals */
require("react-native/Libraries/Core/setUpGlobals");
require("react-native/Libraries/Core/setUpPerformance");
require("react-native/Libraries/Core/polyfillPromise");
require("react-native/Libraries/Core/setUpTimers");
require("react-native/Libraries/Core/setUpRegeneratorRuntime");
require("react-native/Libraries/Core/setUpXHR");
/* oxlint-enable import/no-unassigned-import */

const emitter = require("react-native/Libraries/EventEmitter/RCTDeviceEventEmitter").default;
const timers = require("react-native/Libraries/Core/Timers/JSTimers").default;

/** The calls of hermes.mjs. */
globalThis.host = {
  emit: (event, ...details) => emitter.emit(event, details),
  fire: (timer) => timers.callTimers([timer]),
  reply: (number, value) => waiting[number](value),
  drive: (setup) =>
    globalThis.driveHere(setup).then(
      (report) => send({ type: "report", report }),
      (error) => send({ type: "failed", text: String(error?.stack ?? error) }),
    ),
};
