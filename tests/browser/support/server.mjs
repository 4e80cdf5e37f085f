// A server of our own: the real program on a free port, with a fresh data directory that goes away with it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAM = process.env.ATTEST_BIN ?? join(ROOT, 'target/debug/attest');
/** Milliseconds in which a server has to be ready. */
const LIMIT = 20_000;

/** The person who owns every instance of the tests. */
export const person = {
  name: 'Ada Osei',
  email: 'ada@example.com',
  password: 'tall-Lamps#read 7 rivers',
};

/** Servers that run; none outlives its test, however that ends. */
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Settings of the machine must not reach the server under test. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ATTEST_')));
}

export class Server {
  #child;
  /** Everything that was printed so far. */
  stdout = '';
  stderr = '';

  /** Starts a server that nobody has set up; `init` makes the owner by the command line first. */
  static async start({ args = [], init = false } = {}) {
    const server = new Server();
    server.home = mkdtempSync(join(tmpdir(), 'attest-browser-'));
    server.dataDir = join(server.home, 'data');
    if (init) {
      server.attest(['admin', 'init', '--email', person.email, '--name', person.name, '--password-stdin'], person.password);
    }
    await server.#launch(args);
    return server;
  }

  async #launch(args) {
    const all = ['serve', '--data-dir', this.dataDir, '--listen', '127.0.0.1:0', ...args];
    this.#child = spawn(PROGRAM, all, { cwd: this.home, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.#child);
    this.#child.on('exit', () => running.delete(this.#child));
    this.#child.stderr.on('data', (data) => (this.stderr += data));
    await new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`attest serve ${why}\n${this.stdout}${this.stderr}`));
      const timer = setTimeout(() => fail('was not ready in time'), LIMIT);
      this.#child.on('error', (error) => fail(error.message));
      this.#child.on('exit', (code) => fail(`ended with ${code}`));
      this.#child.stdout.on('data', (data) => {
        this.stdout += data;
        // The welcome ends with what Testmo's command line needs.
        if (!/^Testmo's command line needs/m.test(this.stdout)) return;
        clearTimeout(timer);
        resolve();
      });
    });
    // A test that failed before it could stop its server ends all the same.
    for (const handle of [this.#child, this.#child.stdout, this.#child.stderr]) handle.unref();
    this.url = this.stdout.match(/^Attest is ready: (\S+)$/m)[1];
    this.setUpLink = this.stdout.match(/^Set it up, once, at: (\S+)$/m)?.[1];
  }

  /** Runs another command on the same data directory; what it printed. */
  attest(args, input = '') {
    const all = [...args, '--data-dir', this.dataDir];
    const done = spawnSync(PROGRAM, all, { cwd: this.home, env: environment(), input, encoding: 'utf8' });
    assert.equal(done.status, 0, `attest ${args.join(' ')}: ${done.stderr}`);
    return done.stdout.trim();
  }

  /** Makes a key of the owner by the command line. */
  key(name, ...args) {
    return this.attest(['keys', 'create', '--user', person.email, '--name', name, ...args]);
  }

  /** Stops the server as an operator does; its files stay until `remove`. */
  async halt() {
    if (this.#child.exitCode !== null) return;
    this.#child.ref();
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = await ended;
    assert.equal(code, 0, `attest serve ended with ${code}: ${this.stderr}`);
  }

  /** Removes its files. */
  remove() {
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Stops it and removes its files. */
  async stop() {
    try {
      await this.halt();
    } finally {
      this.remove();
    }
  }
}
