// The server under test, as `cargo xtask test browser` hands it over.
const given = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this by \`cargo xtask test browser\``);
  return value;
};

export const url = given("ATTEST_URL");
export const setup = given("ATTEST_SETUP");
export const person = {
  name: given("ATTEST_NAME"),
  email: given("ATTEST_EMAIL"),
  password: given("ATTEST_PASSWORD"),
};
export const pictures = given("ATTEST_PICTURES");

/** What the flows learn on their way: the key, numbers of the project and the run. */
export const known = {};

/** A call of the API with a key, or without one. */
export async function api(method, path, { key, body } = {}) {
  const headers = key ? { authorization: `Bearer ${key}` } : {};
  if (body) headers["content-type"] = "application/json";
  const answer = await fetch(`${url}/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text) };
}
