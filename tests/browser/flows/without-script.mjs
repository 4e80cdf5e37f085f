import assert from "node:assert/strict";
import { test } from "node:test";
import { api, known } from "../lib/attest.mjs";
import { signedIn } from "../lib/browser.mjs";

test("everything works without JavaScript", async () => {
  const { page, done } = await signedIn({ javaScriptEnabled: false });
  await page.getByRole("link", { name: "Web shop" }).first().click();
  await page.getByRole("link", { name: "Automation", exact: true }).click();
  await page.getByRole("link", { name: "Nightly" }).first().click();
  await page.getByRole("link", { name: "pays with card number 7", exact: true }).click();
  await page.getByText("at checkout.ts:7:17").first().waitFor();
  await page.goto(`/automation/runs/view/${known.run}`);
  for (let pages = 0; pages < 10 && !(await page.getByText("pays with card number 319").isVisible()); pages++) {
    await page.getByRole("link", { name: /Next \d+ tests/ }).click();
  }
  await page.getByText("pays with card number 319").waitFor();

  await page.getByRole("button", { name: "User menu of" }).click();
  await page.getByRole("link", { name: "User profile" }).click();
  await page.getByRole("link", { name: "change" }).click();
  await page.getByLabel("Submit test results").check();
  await page.getByLabel("Name").fill("Without script");
  await page.getByRole("button", { name: "Create key" }).click();
  const key = await page.getByLabel("Your API key").inputValue();
  assert.equal((await api("GET", "user", { key })).status, 200);
  await page.getByRole("link", { name: "I have stored it" }).click();
  await page.getByRole("link", { name: "Revoke Without script" }).click();
  await page.getByRole("button", { name: "Revoke key" }).click();
  assert.equal((await api("GET", "user", { key })).status, 401);

  await page.getByRole("button", { name: "Switch between light and dark" }).click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.getByRole("button", { name: "User menu of" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/login/);
  await done();
});
