// The steps of Testmo's help page for API keys, by what a person sees.
import assert from "node:assert/strict";
import { test } from "node:test";
import { api, known, person } from "../lib/attest.mjs";
import { signedIn } from "../lib/browser.mjs";

/** From the avatar to the page of keys. */
async function toKeys(page) {
  await page.getByRole("button", { name: "User menu of" }).click();
  await page.getByRole("link", { name: "User profile" }).click();
  await page.getByRole("link", { name: "change" }).click();
  await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
}

test("avatar, User profile, API access, change, name it, copy: the key works", async () => {
  const { context, page, done } = await signedIn();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await toKeys(page);
  await page.getByLabel("Everything I may do").check();
  await page.getByLabel("Name").fill("Laptop");
  await page.getByRole("button", { name: "Create key" }).click();
  const shown = await page.getByLabel("Your API key").inputValue();
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await assert.doesNotReject(
    page.waitForFunction(async (key) => (await navigator.clipboard.readText()) === key, shown),
    "the key is not in the clipboard",
  );
  known.key = shown;

  const me = await api("GET", "user", { key: shown });
  assert.equal(me.status, 200);
  assert.equal(me.body.name, person.name);

  await page.getByRole("link", { name: "I have stored it" }).click();
  await page.getByRole("rowheader", { name: "Laptop" }).waitFor();
  assert.ok(!(await page.content()).includes(shown), "the key is shown a second time");
  await done();
});

test("without a key the answer is 401 and says how", async () => {
  const answer = await api("GET", "user");
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get("www-authenticate"), /^Bearer/);
});

test("a revoked key is refused from that moment", async () => {
  const { page, done } = await signedIn();
  await toKeys(page);
  await page.getByLabel("Read only").check();
  await page.getByLabel("Name").fill("To be revoked");
  await page.getByRole("button", { name: "Create key" }).click();
  const key = await page.getByLabel("Your API key").inputValue();
  assert.equal((await api("GET", "user", { key })).status, 200);
  const write = await api("POST", `projects/${known.project}/automation/runs`, { key, body: { name: "x", source: "y" } });
  assert.equal(write.status, 403, "a key for reading could write");

  await page.getByRole("link", { name: "I have stored it" }).click();
  await page.getByRole("link", { name: "Revoke To be revoked" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  await page.getByText("“To be revoked” is revoked.").waitFor();
  assert.equal((await api("GET", "user", { key })).status, 401);
  await done();
});

test("a rotated key has a successor, and both work while they overlap", async () => {
  const { page, done } = await signedIn();
  await toKeys(page);
  await page.getByRole("link", { name: "Rotate Laptop" }).click();
  await page.getByRole("button", { name: "Rotate key" }).click();
  const key = await page.getByLabel("Your API key").inputValue();
  assert.notEqual(key, known.key);
  for (const one of [key, known.key]) assert.equal((await api("GET", "user", { key: one })).status, 200);
  known.key = key;
  await done();
});
