import { randomUUID } from 'node:crypto';
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cannot, couldNot, Fault } from '../base/errors';
import type { InstanceBytes, InstanceToStore, Receiver, StoreAnswer, StoreVerdict } from '../session/ports';

/** Beside the studies, on the same file system: what has its place in a series is whole. */
const INCOMING = '.incoming';
/** What a killed process left half-written is of no use to anybody after that. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;
const SUFFIX = '.dcm';

/** Errors by which a file system says that there is no room. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * A folder that the de-identified set is written to: `<study>/<series>/<instance>.dcm`, PS3.10 files. A file bears its
 * name only when it is whole and on the disk, so that whoever watches the folder may take it.
 */
export class FolderReceiver implements Receiver {
  readonly name: string;
  readonly #path: string;
  #prepared: Promise<void> | undefined;

  constructor(options: { readonly name: string; readonly path: string }) {
    this.name = options.name;
    this.#path = options.path;
  }

  async store(study: string, instances: AsyncIterable<InstanceToStore>, signal: AbortSignal): Promise<StoreAnswer> {
    await this.#prepare();
    const verdicts = new Map<string, StoreVerdict>();
    for await (const instance of instances) {
      signal.throwIfAborted();
      await this.#write(study, instance, signal);
      verdicts.set(instance.SOPInstanceUID, { verdict: 'stored', warningReason: null });
    }
    return { status: 200, verdicts };
  }

  async #write(study: string, instance: InstanceToStore, signal: AbortSignal): Promise<void> {
    const { SeriesInstanceUID, SOPInstanceUID, bytes } = instance;
    const place = [study, SeriesInstanceUID, SOPInstanceUID].map(asName);
    const partial = join(this.#path, INCOMING, randomUUID());
    try {
      await writeWhole(partial, bytes, signal);
      await this.#settle(partial, place);
    } catch (error) {
      // The folder may have gone, and come back empty.
      this.#prepared = undefined;
      await rm(partial, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** From under its passing name to its place; afterwards both survive a power failure. */
  async #settle(partial: string, [study = '', series = '', instance = '']: readonly string[]): Promise<void> {
    await onDisk(async () => {
      const folder = join(this.#path, study, series);
      await mkdir(folder, { recursive: true });
      // A link planted under the name of a study would lead out of the folder.
      if ((await realpath(folder)) !== join(await realpath(this.#path), study, series)) {
        throw cannot('RECEIVER_FOLDER_NOT_OWN', 'a study of the Receiver’s folder is a link to somewhere else', {
          remedy: 'Have only the Export Manager write to the folder of a Receiver.',
        });
      }
      await rename(partial, join(folder, `${instance}${SUFFIX}`));
      await synchronized(folder);
    });
  }

  async kept({ study, series }: { readonly study: string; readonly series?: string }): Promise<ReadonlySet<string>> {
    const kept = new Set<string>();
    for (const name of series === undefined ? await this.#list(study) : [series]) {
      for (const instance of await this.#instancesOf(study, name)) kept.add(instance);
    }
    return kept;
  }

  async seriesSizes(study: string): Promise<ReadonlyMap<string, number | null>> {
    const sizes = new Map<string, number>();
    for (const series of await this.#list(study)) {
      const { length } = await this.#instancesOf(study, series);
      if (length > 0) sizes.set(series, length);
    }
    return sizes;
  }

  async close(): Promise<void> {}

  async #instancesOf(study: string, series: string): Promise<readonly string[]> {
    const names = await this.#list(study, series);
    return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
  }

  /** Nothing where there is no such folder. */
  async #list(...names: readonly string[]): Promise<readonly string[]> {
    return onDisk(async () => {
      try {
        return await readdir(join(this.#path, ...names.map(asName)));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' || code === 'ENOTDIR') return [];
        throw error;
      }
    });
  }

  /** Once a process; again where it failed. The folder is made, the one it lies in is not: that may be a lost mount. */
  #prepare(): Promise<void> {
    this.#prepared ??= onDisk(async () => {
      for (const folder of [this.#path, join(this.#path, INCOMING)]) {
        await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
        });
      }
      await this.#clearAbandoned();
    }).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #clearAbandoned(): Promise<void> {
    const incoming = join(this.#path, INCOMING);
    for (const name of await readdir(incoming)) {
      const path = join(incoming, name);
      const { mtimeMs } = await lstat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (Date.now() - mtimeMs > ABANDONED_MS) await rm(path, { force: true });
    }
  }
}

/** Errors of `bytes` come out as they are: they are the source's. */
async function writeWhole(path: string, bytes: InstanceBytes, signal: AbortSignal): Promise<void> {
  const file = await onDisk(() => open(path, 'wx', 0o640));
  let closed = false;
  try {
    for await (const chunk of bytes) {
      signal.throwIfAborted();
      await onDisk(() => writeAll(file, chunk));
    }
    await onDisk(() => file.sync());
    closed = true;
    await onDisk(() => file.close());
  } finally {
    if (!closed) await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength; ) at += (await file.write(chunk, at)).bytesWritten;
}

async function synchronized(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** New UIDs are what they are made to be; still a name with a slash or of dots would be another place. */
function asName(uid: string): string {
  if (uid.length <= 64 && /^[0-9]+(\.[0-9]+)*$/.test(uid)) return uid;
  throw cannot('BAD_UID', 'an instance for the Receiver’s folder has a UID that is none (PS3.5 9.1)');
}

/** Faults that name the error of the file system, never a path. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (FULL.has(code)) {
      throw couldNot('RECEIVER_FOLDER_FULL', `the folder of the Receiver has no room left (${code})`, {
        remedy: 'Make room there; the rest is written meanwhile as soon as it fits.',
        cause: error,
      });
    }
    throw couldNot('RECEIVER_FOLDER_NOT_WRITABLE', `the folder of the Receiver cannot be written or read (${code})`, {
      remedy: 'Look at the path of the Receiver in the configuration, at its mount and its permissions.',
      cause: error,
    });
  }
}
