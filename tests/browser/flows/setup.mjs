import assert from "node:assert/strict";
import { test } from "node:test";
import { known, person, setup } from "../lib/attest.mjs";
import { open } from "../lib/browser.mjs";

test("the printed link sets the instance up, once", async () => {
  const { page, done } = await open();
  await page.goto("/login");
  await page.getByText("This instance is new.").waitFor();
  await page.goto(setup);
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Create account and sign in" }).click();
  await page.getByText("No projects yet").waitFor();

  const again = await page.goto(setup);
  assert.ok(again.status() >= 400, `the link was answered with ${again.status()} a second time`);
  await done({ expected: /status of 4\d\d/ });
});

test("a project is made by its form", async () => {
  const { signedIn } = await import("../lib/browser.mjs");
  const { page, done } = await signedIn();
  await page.getByRole("link", { name: "New project" }).click();
  await page.getByLabel("Name").fill("Web shop");
  await page.getByLabel("About").fill("What customers see.");
  await page.getByRole("button", { name: /project/ }).click();
  await page.waitForURL(/\/projects\/view\/\d+/);
  known.project = Number(page.url().match(/view\/(\d+)/)[1]);
  await page.goto("/projects");
  await page.getByRole("heading", { name: "Web shop" }).waitFor();
  await done();
});
