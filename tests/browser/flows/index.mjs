// The flows in their order: each uses what the ones before it made.
import { after, before } from "node:test";
import { start } from "../lib/browser.mjs";

let stop;
before(async () => {
  stop = await start();
});
after(() => stop?.());

await import("./setup.mjs");
await import("./walkthrough.mjs");
await import("./results.mjs");
await import("./sign-in.mjs");
await import("./keyboard.mjs");
await import("./without-script.mjs");
await import("./accessible.mjs");
