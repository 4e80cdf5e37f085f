// Results that wait for the server, in the order in which they were given. They outlive the page.

/** A result that was given and not yet sent. */
export interface Waiting {
  /** Number in the browser's database. */
  id?: number;
  url: string;
  test: string;
  fields: [string, string][];
  files: File[];
}

const STORE = 'results';

/** The results of one run that wait. Where the browser keeps no database, they wait as long as the page is open. */
export class Queue {
  private database?: IDBDatabase;
  private waiting: Waiting[] = [];

  constructor(private readonly run: string) {}

  get size(): number {
    return this.waiting.length;
  }

  get first(): Waiting | undefined {
    return this.waiting[0];
  }

  /** Reads what an earlier page left behind. */
  async open(): Promise<void> {
    try {
      const request = indexedDB.open(`att-run-${this.run}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id', autoIncrement: true });
      this.database = await done(request);
      const left = await done(this.store('readonly').getAll() as IDBRequest<Waiting[]>);
      this.waiting = [...left, ...this.waiting];
    } catch {
      this.database = undefined;
    }
  }

  async add(waiting: Waiting): Promise<void> {
    this.waiting.push(waiting);
    if (this.database) waiting.id = Number(await done(this.store('readwrite').add(waiting)));
  }

  async drop(waiting: Waiting): Promise<void> {
    this.waiting = this.waiting.filter((one) => one !== waiting);
    if (this.database && waiting.id !== undefined) await done(this.store('readwrite').delete(waiting.id));
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database!.transaction(STORE, mode).objectStore(STORE);
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
