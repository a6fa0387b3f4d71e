import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataKey } from '../security/envelope';
import { openStream, StreamSealer } from '../security/sealed-stream';

const INCOMING = 'incoming';
const FILE_NAME = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A file that is being written, each under a key of its own. */
export class SealedFile {
  readonly name: string;
  readonly key: Buffer = randomBytes(32);
  byteLength = 0;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  readonly #sealer: StreamSealer;
  #closed = false;

  private constructor(path: string, name: string, file: FileHandle) {
    this.#path = path;
    this.name = name;
    this.#file = file;
    this.#sealer = new StreamSealer(DataKey.of(this.key), name);
  }

  static async in(directory: string): Promise<SealedFile> {
    const name = randomUUID();
    const path = join(directory, name);
    return new SealedFile(path, name, await open(path, 'wx', 0o600));
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    this.byteLength += chunk.length;
    for (const sealed of this.#sealer.push(chunk)) await this.#file.writeFile(sealed);
  }

  async finish(): Promise<void> {
    for (const sealed of this.#sealer.end()) await this.#file.writeFile(sealed);
    await this.#file.sync();
    await this.#close();
  }

  /** Of the bytes before they were sealed, in hexadecimal. To be asked for once. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  async discard(): Promise<void> {
    await this.#close();
    await rm(this.#path, { force: true });
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#file.close();
  }
}

/** The sealed files of one folder. Nobody else reads it, and no name in it says anything. */
export class ReceivedFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async begin(): Promise<SealedFile> {
    const incoming = join(this.#directory, INCOMING);
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    return SealedFile.in(incoming);
  }

  /** Moves finished files to their place; durable when it returns. */
  async place(names: readonly string[]): Promise<void> {
    for (const folder of new Set(names.map((name) => this.#folderOf(name)))) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    for (const name of names) await rename(join(this.#directory, INCOMING, name), this.#pathOf(name));
    for (const folder of new Set(names.map((name) => this.#folderOf(name)))) await sync(folder);
    await sync(this.#directory);
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true });
  }

  async has(name: string): Promise<boolean> {
    return (await ageOf(this.#pathOf(name))) !== undefined;
  }

  async *read(name: string, key: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    const file = await open(this.#pathOf(name));
    try {
      yield* openStream((count) => readExactly(file, count), DataKey.of(key), name);
    } finally {
      await file.close();
    }
  }

  /** Files that were not touched since, unfinished ones included. */
  async olderThan(time: Date): Promise<readonly string[]> {
    const found: string[] = [];
    for (const folder of await readdir(this.#directory).catch(() => [])) {
      for (const name of await readdir(join(this.#directory, folder)).catch(() => [])) {
        const modified = FILE_NAME.test(name) ? await ageOf(join(this.#directory, folder, name)) : undefined;
        if (modified !== undefined && modified < time.getTime()) found.push(name);
      }
    }
    return found;
  }

  /** Wherever it lies. */
  async removeLeftover(name: string): Promise<void> {
    await rm(join(this.#directory, INCOMING, name), { force: true });
    await this.remove(name);
  }

  #folderOf(name: string): string {
    return join(this.#directory, name.slice(0, 2));
  }

  #pathOf(name: string): string {
    return join(this.#folderOf(name), name);
  }
}

/** Time of the last change in milliseconds; undefined where there is no such file. */
async function ageOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function sync(directory: string): Promise<void> {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const handle = await open(directory);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readExactly(file: FileHandle, count: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(count);
  let filled = 0;
  while (filled < count) {
    const { bytesRead } = await file.read(bytes, filled, count - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
