import assert from "node:assert/strict";
import { test } from "node:test";
import { api, known } from "../lib/attest.mjs";
import { signedIn } from "../lib/browser.mjs";

const TESTS = 320;
const failed = (n) => n % 40 === 7;

/** The results of one CI job, as a client sends them. */
async function submit() {
  const key = known.key;
  const post = async (path, body) => {
    const answer = await api("POST", path, { key, body });
    assert.ok(answer.status < 300, `${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const run = await post(`projects/${known.project}/automation/runs`, { name: "Nightly", source: "backend", tags: ["linux"] });
  known.run = run.id;
  const thread = await post(`automation/runs/${run.id}/threads`, {});
  const all = Array.from({ length: TESTS }, (_, n) => ({
    key: `test-${n}`,
    name: `pays with card number ${n}`,
    folder: `shop.checkout.Payment${n % 4}`,
    status: failed(n) ? "failed" : n % 50 === 3 ? "skipped" : "passed",
    elapsed: 1000 * (n + 1),
    fields: failed(n)
      ? [{ type: 4, name: "Failure", value: `AssertionError: expected 200, got 500\n    at checkout.ts:${n}:17`, is_highlight: true }]
      : [],
  }));
  for (let at = 0; at < TESTS; at += 250) {
    await post(`automation/runs/threads/${thread.id}/append`, { tests: all.slice(at, at + 250) });
  }
  await post(`automation/runs/${run.id}/complete`, { measure_elapsed: false });
}

test("results that a client sent are there, failures first", async () => {
  await submit();
  const { page, done } = await signedIn();
  await page.getByRole("link", { name: "Web shop" }).first().click();
  await page.getByRole("link", { name: "Automation", exact: true }).click();
  await page.getByRole("link", { name: "Nightly" }).first().click();
  await page.getByText(`${TESTS} results`).waitFor();
  const first = await page.getByRole("table", { name: "Tests" }).getByRole("row").nth(2).innerText();
  assert.match(first, /card number 7\b/, `the first row is no failure: ${first}`);
  await done();
});

test("a test opens with its message and output", async () => {
  const { page, done } = await signedIn();
  await page.goto(`/automation/runs/view/${known.run}`);
  await page.getByRole("link", { name: "pays with card number 47", exact: true }).click();
  await page.getByText("at checkout.ts:47:17").first().waitFor();
  assert.match(page.url(), /test_id=\d+/);
  // The address alone shows the same.
  await page.reload();
  await page.getByText("at checkout.ts:47:17").first().waitFor();
  await done();
});

test("the list goes on to its end", async () => {
  const { page, done } = await signedIn();
  await page.goto(`/automation/runs/view/${known.run}`);
  const last = page.getByRole("link", { name: `pays with card number ${TESTS - 1}`, exact: true });
  const rows = page.getByRole("table", { name: "Tests" }).getByRole("row");
  // Each chunk that comes into sight brings the next one.
  for (let chunks = 0; chunks < 10 && !(await last.isVisible()); chunks++) {
    const before = await rows.count();
    await rows.last().scrollIntoViewIfNeeded();
    await page.waitForFunction(
      (count) => document.querySelectorAll("table.tests tr").length !== count,
      before,
    );
  }
  await last.waitFor();
  await done();
});
