// Everything by the keyboard alone; what has the focus is always to be seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { known, person } from "../lib/attest.mjs";
import { open } from "../lib/browser.mjs";

/** Presses Tab until something has the focus whose role or text fits; fails after a whole round. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const it = document.activeElement;
      const style = getComputedStyle(it);
      const label = it.labels?.[0]?.innerText ?? "";
      return {
        text: [it.getAttribute("aria-label"), label, it.innerText, it.title].filter(Boolean).join(" | "),
        visible: style.outlineStyle !== "none" || style.boxShadow !== "none",
        // Between the last element and the first one nothing has the focus; the text of the body is everything.
        none: it === document.body,
      };
    });
    if (focus.none) continue;
    if (name.test(focus.text)) {
      assert.ok(focus.visible, `${focus.text} has the focus, and nothing shows it`);
      return;
    }
  }
  assert.fail(`Tab never reaches ${name} on ${page.url()}`);
}

test("signing in, opening a failure and making a key need no mouse", async () => {
  const { page, done } = await open();
  await page.goto("/login");
  await page.getByLabel("E-mail").focus();
  await page.keyboard.type(person.email);
  await tabTo(page, /^Password/);
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Projects" }).waitFor();

  await tabTo(page, /Skip to content/);
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");

  await page.goto(`/automation/runs/view/${known.run}`);
  await tabTo(page, /pays with card number 7$/);
  await page.keyboard.press("Enter");
  await page.getByText("at checkout.ts:7:17").first().waitFor();

  await page.goto("/projects");
  await tabTo(page, /user menu of/i);
  await page.keyboard.press("Enter");
  await tabTo(page, /User profile/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Account", level: 1 }).waitFor();
  await tabTo(page, /^change/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "API keys", level: 1 }).waitFor();
  await tabTo(page, /Submit test results/);
  await page.keyboard.press("Space");
  await tabTo(page, /^Name/);
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await page.getByLabel("Your API key").waitFor();
  await done();
});
