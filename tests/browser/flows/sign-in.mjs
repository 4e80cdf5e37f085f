import assert from "node:assert/strict";
import { test } from "node:test";
import { known } from "../lib/attest.mjs";
import { open, signIn, signedIn } from "../lib/browser.mjs";

test("a wrong password is refused without saying what was wrong", async () => {
  const { page, done } = await open();
  await signIn(page, "something else entirely");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Password").inputValue(), "");
  await done({ expected: /status of 4\d\d/ });
});

test("a page that needs a sign-in comes back after it", async () => {
  const { page, done } = await open();
  await page.goto(`/automation/runs/view/${known.run}`);
  assert.match(page.url(), /\/login/);
  const { person } = await import("../lib/attest.mjs");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Nightly" }).waitFor();
  await done();
});

test("another device is signed out from here", async () => {
  const here = await signedIn();
  const there = await signedIn();
  await here.page.goto("/users/profile/security");
  await here.page.getByRole("button", { name: "Sign out the others" }).click();
  await here.page.getByText("All other devices are signed out.", { exact: true }).waitFor();
  await there.page.goto("/projects");
  assert.match(there.page.url(), /\/login/);
  await here.done();
  await there.done();
});

test("signing out ends it", async () => {
  const { page, done } = await signedIn();
  await page.getByRole("button", { name: "User menu of" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/login/);
  await page.goto("/projects");
  assert.match(page.url(), /\/login/);
  await done();
});
