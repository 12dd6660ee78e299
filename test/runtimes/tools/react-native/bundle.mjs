// Bundles a program with Metro and the settings of a new React Native app: node bundle.mjs ENTRY FILE.
import metroConfig from "@react-native/metro-config";
import Metro from "metro";

const here = import.meta.dirname;
const [entry, out] = process.argv.slice(2);
const { getDefaultConfig, mergeConfig } = metroConfig;
const settings = mergeConfig(getDefaultConfig(here), {
  maxWorkers: 2,
  reporter: { update() {} },
  resolver: { useWatchman: false },
});
const config = await Metro.loadConfig({ cwd: here }, settings);
await Metro.runBuild(config, { entry, out, platform: "android", dev: false, minify: false });
