// Every page in both themes and three widths: axe finds nothing, nothing sticks out, and a picture is kept.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { known, pictures } from "../lib/attest.mjs";
import { findings } from "../lib/axe.mjs";
import { open, signedIn } from "../lib/browser.mjs";

const WIDTHS = [1440, 900, 390];
const strangers = { login: "/login", "not-there": "/no/such/page" };
const pages = () => ({
  projects: "/projects",
  "project-new": "/projects/new",
  project: `/projects/view/${known.project}`,
  runs: `/automation/runs/${known.project}`,
  run: `/automation/runs/view/${known.run}`,
  "run-failures": `/automation/runs/view/${known.run}?tab=failures`,
  "run-threads": `/automation/runs/view/${known.run}?tab=threads`,
  "run-artifacts": `/automation/runs/view/${known.run}?tab=artifacts`,
  "run-info": `/automation/runs/view/${known.run}?tab=info`,
  profile: "/users/profile",
  keys: "/users/profile/api",
  security: "/users/profile/security",
  nothing: "/automation/runs/view/999999",
});

async function look(page, name, path, theme) {
  const wrong = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) wrong.push(`${name} ${theme} ${width}: ${wide} px stick out`);
    await page.screenshot({ path: join(pictures, `${name}-${theme}-${width}.png`) });
    for (const one of await findings(page)) wrong.push(`${name} ${theme} ${width}: ${one}`);
  }
  return wrong;
}

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing on any page, ${theme}`, async () => {
    const wrong = [];
    const stranger = await open({ colorScheme: theme });
    for (const [name, path] of Object.entries(strangers)) wrong.push(...(await look(stranger.page, name, path, theme)));
    const someone = await signedIn({ colorScheme: theme });
    for (const [name, path] of Object.entries(pages())) wrong.push(...(await look(someone.page, name, path, theme)));

    // One test, open; and a key, shown once.
    await someone.page.setViewportSize({ width: 1440, height: 900 });
    await someone.page.goto(`/automation/runs/view/${known.run}`);
    await someone.page.getByRole("link", { name: "pays with card number 7", exact: true }).click();
    await someone.page.getByText("at checkout.ts:7:17").first().waitFor();
    wrong.push(...(await look(someone.page, "test", someone.page.url(), theme)));
    await someone.page.setViewportSize({ width: 1440, height: 900 });
    await someone.page.goto("/users/profile/api");
    await someone.page.getByLabel("Submit test results").check();
    await someone.page.getByLabel("Name").fill(`Seen in ${theme}`);
    await someone.page.getByRole("button", { name: "Create key" }).click();
    await someone.page.getByLabel("Your API key").waitFor();
    for (const one of await findings(someone.page)) wrong.push(`key-created ${theme}: ${one}`);

    assert.deepEqual(wrong, []);
    const expected = /status of 404/;
    await stranger.done({ expected });
    await someone.done({ expected });
  });
}
