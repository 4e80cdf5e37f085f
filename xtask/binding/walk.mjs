// Testmo's JavaScript binding performs every operation of the contract. The binding is a black box: it is only called.
//
// ATTEST_URL and ATTEST_KEY say where; the folder that it is started in has the binding installed.

import assert from "node:assert/strict";
import { createReadStream, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const binding = createRequire(join(process.cwd(), "package.json"))("@testmo/testmo-api");
const { ATTEST_URL: url, ATTEST_KEY: key, ATTEST_FILES: files } = process.env;

const client = new binding.ApiClientEx();
client.basePath = url;
client.authentications.bearerAuth.accessToken = key;

const groups = Object.keys(binding).filter((name) => /^[A-Z]\w+Api$/.test(name));
const apis = groups.map((name) => [new binding[name](client), binding[name].prototype]);
const offered = apis.flatMap(([, prototype]) =>
  Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor" && !name.endsWith("WithHttpInfo")),
);
const called = new Set();

/** Parameters of a query under the names that the binding has for them: `perPage` for `per_page`. */
function query(given) {
  const name = (key) => key.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [name(key), value]));
}

/** Calls an operation by its name. */
async function call(name, ...arguments_) {
  const isQuery = (value) => name.startsWith("get") && typeof value === "object";
  const given = arguments_.map((value) => (isQuery(value) ? query(value) : value));
  const [api] = apis.find(([, prototype]) => Object.hasOwn(prototype, name));
  called.add(name);
  try {
    return await api[name](...given);
  } catch (error) {
    throw new Error(`${name}: ${error.status} ${JSON.stringify(error.body ?? error.message)}`, { cause: error });
  }
}

/** What the contract can't make is made as other clients do it. */
async function post(path, body) {
  const response = await fetch(`${url}/api/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 201, `${path}: ${response.status}`);
  return (await response.json()).result;
}

/** A page with exactly these rows, by one field. */
function has(page, field, values) {
  assert.deepEqual(page.result.map((row) => row[field]).sort(), [...values].sort());
  assert.equal(page.total, values.length);
  const first = values.length > 0 ? 1 : null;
  assert.deepEqual([page.page, page.per_page, page.next_page, page.prev_page], [first, 100, null, null]);
}

const project = Number(process.env.ATTEST_PROJECT);
const now = (time) => assert.ok(Math.abs(new Date(time) - Date.now()) < 300_000, `${time} is not now`);

// Users, groups, roles, projects.
const me = await call("getCurrentUser");
assert.ok(me.id > 0 && me.name.length > 0);
const user = await call("getUser", me.id, { expands: ["roles"] });
assert.equal(user.result.name, me.name);
assert.equal(user.result.is_active, true);
assert.equal(user.expands.roles[0].id, user.result.role_id);
has(await call("getUserPage"), "id", [me.id]);
has(await call("getUserPageForProject", project), "name", [me.name]);
const roles = await call("getRolePage", { per_page: 15 });
assert.equal(roles.per_page, 15);
const wanted = roles.result.find((row) => row.id === user.result.role_id);
const role = await call("getRole", wanted.id);
assert.deepEqual([role.result.name, role.result.permissions], [wanted.name, wanted.permissions]);
const groupId = (await post("attest/v1/groups", { name: "Binding", members: [me.id] })).id;
has(await call("getGroupPage"), "name", ["Binding"]);
const group = await call("getGroup", groupId, { expands: ["users"] });
assert.deepEqual(group.result.members, [me.id]);
assert.equal(group.expands.users[0].name, me.name);
has(await call("getProjectPage", { is_completed: false }), "id", [project]);
assert.equal((await call("getProject", project)).result.name, "Binding");
has(await call("getConnectionsPage"), "integration_id", []);

// Folders.
const folders = await call("createFolders", project, { folders: [{ name: "Checkout" }, { name: "Search", docs: "What is found" }] });
assert.deepEqual(folders.result.map((row) => row.name), ["Checkout", "Search"]);
const [checkout, search] = folders.result.map((row) => row.id);
const moved = await call("updateFolders", project, { ids: [search], parent_id: checkout });
assert.deepEqual([moved.result[0].id, moved.result[0].parent_id], [search, checkout]);
has(await call("getFoldersPage", project, { parent_id: [checkout] }), "id", [search]);
await call("deleteFolders", project, { ids: [search] });
has(await call("getFoldersPage", project), "id", [checkout]);

// Cases and their files.
const cases = await call("createCases", project, {
  cases: [
    { name: "Pay by card", folder_id: checkout, estimate: 300_000_000, tags: ["smoke"] },
    { name: "Pay by invoice", folder_id: checkout },
    { name: "Leave", folder_id: checkout },
  ],
});
assert.deepEqual(cases.result.map((row) => row.name), ["Pay by card", "Pay by invoice", "Leave"]);
const [card, invoice, leave] = cases.result.map((row) => row.id);
assert.deepEqual([cases.result[0].estimate, cases.result[0].folder_id], [300_000_000, checkout]);
now(cases.result[0].created_at);
const changed = await call("updateCases", project, { ids: [card, invoice], estimate: 60_000_000 });
assert.deepEqual(changed.result.map((row) => row.estimate), [60_000_000, 60_000_000]);
await call("deleteCases", project, { ids: [leave] });
const page = await call("getCasesPage", project, { folder_id: [checkout], sort: "repository_cases:name", order: "asc", expands: ["folders"] });
assert.deepEqual(page.result.map((row) => row.id), [card, invoice]);
assert.equal(page.expands.folders[0].name, "Checkout");
const file = (name, text) => {
  writeFileSync(join(files, name), text);
  return createReadStream(join(files, name));
};
const one = await call("createCaseAttachment", card, file("one.txt", "first"));
assert.deepEqual([one.result[0].name, one.result[0].size], ["one.txt", 5]);
const two = await call("createCaseAttachments", card, [file("two.txt", "second"), file("three.txt", "third one")]);
assert.deepEqual(two.result.map((row) => row.size).sort(), [6, 9]);
const attachments = await call("getCaseAttachmentsPage", card, { order: "asc", expands: ["users"] });
has(attachments, "name", ["one.txt", "two.txt", "three.txt"]);
assert.equal(attachments.expands.users[0].id, me.id);
await call("deleteCaseAttachments", card, { ids: [one.result[0].id] });
has(await call("getCaseAttachmentsPage", card), "name", ["two.txt", "three.txt"]);

// Milestones, runs with results, and sessions.
const milestone = (await post(`v1/projects/${project}/milestones`, { name: "2.0" })).id;
assert.equal((await call("getMilestone", milestone)).result.name, "2.0");
has(await call("getMilestonePage", project, { is_completed: false }), "id", [milestone]);
const manual = (await post(`v1/projects/${project}/runs`, { name: "RC 1", include_all: true, milestone_id: milestone })).id;
await post(`v1/runs/${manual}/tests/1/results`, { status_id: 2, note: "as written", elapsed: 60_000_000 });
const run = await call("getRun", manual, { expands: ["milestones"] });
assert.deepEqual([run.result.name, run.result.total_count, run.result.status1_count], ["RC 1", 2, 1]);
assert.equal(run.expands.milestones[0].name, "2.0");
has(await call("getRunPage", project, { milestone_id: [milestone], is_closed: false }), "id", [manual]);
const results = await call("getRunResultPage", manual, { get_latest_result: true });
has(results, "status_id", [2]);
assert.deepEqual([results.result[0].note, results.result[0].elapsed], ["as written", 60_000_000]);
const session = (await post(`v1/projects/${project}/sessions`, { name: "Money tour", estimate: 3_600_000_000 })).id;
assert.equal((await call("getSession", session)).result.estimate, 3_600_000_000);
has(await call("getSessionPage", project), "name", ["Money tour"]);

// Automation from the first call to the last.
const { id: nightly } = await call("createAutomationRun", project, { name: "nightly", source: "backend", tags: ["ci"] });
await call("appendToAutomationRun", nightly, {
  fields: [{ type: 1, name: "Build", value: "17" }],
  links: [{ name: "Job", url: "https://ci.demo.example/17" }],
});
const { id: thread } = await call("createAutomationRunThread", nightly, { elapsed_observed: 2_000_000 });
await call("appendToAutomationRunThread", thread, {
  tests: [
    { key: "a1", name: "adds", folder: "cart", status: "passed", elapsed: 1500 },
    { key: "a2", name: "pays", folder: "cart", status: "failed", elapsed: 2500 },
  ],
});
await call("completeAutomationRunThread", thread, { elapsed_observed: 3_000_000 });
await call("completeAutomationRun", nightly, { measure_elapsed: false });
const automated = await call("getAutomationRun", nightly, { expands: ["users"] });
const shown = automated.result;
assert.deepEqual(
  [shown.name, shown.status, shown.is_completed, shown.total_count, shown.success_count, shown.failure_count, shown.thread_count],
  ["nightly", 3, true, 2, 1, 1, 1],
);
assert.deepEqual(shown.fields.map((field) => field.value), ["17"]);
assert.deepEqual(shown.links.map((link) => link.url), ["https://ci.demo.example/17"]);
assert.deepEqual([shown.threads[0].id, shown.threads[0].is_completed, shown.threads[0].total_count], [thread, true, 2]);
has(await call("getAutomationRunPage", project, { status: [3], tags: ["ci"] }), "id", [nightly]);
has(await call("getAutomationRunPage", project, { status: [2] }), "id", []);
has(await call("getAutomationSourcePage", project, { is_retired: false }), "name", ["backend"]);
const source = await call("getAutomationSource", shown.source_id);
assert.deepEqual([source.result.name, source.result.project_id], ["backend", project]);

assert.equal(offered.length, 40);
assert.deepEqual(offered.filter((name) => !called.has(name)), []);
console.log(`the binding performed ${called.size} operations`);
