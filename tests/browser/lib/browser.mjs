// Chromium, and pages that remember everything that the console said.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { person, url } from "./attest.mjs";

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser;

export async function start() {
  const home = await mkdtemp(join(tmpdir(), "attest-browser-"));
  browser = await chromium.launch({
    executablePath: process.env.ATTEST_BROWSER,
    headless: true,
    // Chromium's own sandbox does not work for root.
    chromiumSandbox: process.getuid() !== 0,
    args: FLAGS,
    env: { ...process.env, HOME: home },
  });
  return async () => {
    await browser.close();
    await rm(home, { recursive: true, force: true });
  };
}

/** A window with its own cookies. `done` closes it and fails if the console said anything. */
export async function open(options = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => {
    // Chromium's own report that a sign-out cleared what it should clear.
    if (message.text().startsWith("Clear-Site-Data header")) return;
    said.push(`${message.type()}: ${message.text()} (${page.url()})`);
  });
  page.on("pageerror", (error) => said.push(`error: ${error.message} (${page.url()})`));
  const done = async ({ expected } = {}) => {
    await context.close();
    assert.deepEqual(
      said.filter((line) => !expected?.test(line)),
      [],
      "the console has messages",
    );
  };
  return { context, page, done };
}

export async function signIn(page, password = person.password) {
  await page.goto("/login");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** A window of somebody who is signed in. */
export async function signedIn(options) {
  const window = await open(options);
  await signIn(window.page);
  await window.page.getByRole("heading", { level: 1, name: "Projects" }).waitFor();
  return window;
}
