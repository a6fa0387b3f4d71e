import {
  accessSync,
  closeSync,
  constants,
  createWriteStream,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writevSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../base/errors';
import { UsageError } from './usage';

/** Nothing more can be written: the run ends, for it would say the same of every file. */
export class OutputNotWritable extends Fault {
  constructor(cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    super('OUTPUT_NOT_WRITABLE', 'could-not', `the output cannot be written (${code})`, {
      remedy: 'Make room or give another --output; the same command with the same --key-file goes on from there.',
      cause,
    });
  }
}

/** Folder by folder: a recursive mkdir never comes back where the file system makes none, as below /proc. */
export function makeOutput(path: string): void {
  try {
    if (existsSync(path)) {
      if (!statSync(path).isDirectory()) throw new UsageError('--output is a file');
      accessSync(path, constants.W_OK);
      return;
    }
    if (dirname(path) !== path) makeOutput(dirname(path));
    mkdirSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--output cannot be made or written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

/** Under another name until it is whole: what bears its name is complete. */
export function writeWhole(path: string, chunks: readonly Uint8Array[]): void {
  const partial = `${path}.partial`;
  try {
    const descriptor = openSync(partial, 'w');
    try {
      const total = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
      if (writevSync(descriptor, chunks) !== total) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new OutputNotWritable(error);
  }
}

/** The file in the buffer given, a view of it; null where it does not fit. */
export function readHeld(file: string, buffer: Buffer): Uint8Array | null {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size > buffer.length) return null;
    let length = 0;
    while (length < size) {
      const got = readSync(descriptor, buffer, length, size - length, null);
      if (got === 0) break;
      length += got;
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

export async function streamWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const partial = `${path}.partial`;
  const sink = createWriteStream(partial);
  let sinkFailed: unknown;
  sink.on('error', (error) => {
    sinkFailed = error;
  });
  try {
    await pipeline(bytes, sink);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    // The instance may have ended early: that is its own outcome, and none of the output's.
    throw error === sinkFailed ? new OutputNotWritable(error) : error;
  }
}

/**
 * All files below a folder in a stable order, or the file itself. Links are followed, each folder once; what lies below
 * the output is no input.
 */
export function listFiles(input: string, output: string | null): readonly string[] {
  let root: string;
  try {
    root = realpathSync(input);
    if (statSync(root).isFile()) return [input];
  } catch {
    throw new UsageError('--input names nothing that can be read');
  }
  const skipped = output !== null && existsSync(output) ? realpathSync(output) : null;
  if (skipped === root) throw new UsageError('--output must not be the folder of --input');
  const found: string[] = [];
  const seen = new Set<string>();
  const stack = [input];
  for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
    const real = realpathSync(folder);
    if (seen.has(real) || real === skipped) continue;
    seen.add(real);
    const names = readdirSync(folder).sort();
    for (const name of names) {
      const path = join(folder, name);
      // A link that points nowhere is a file that cannot be read: its outcome says so.
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats?.isDirectory() === true) stack.push(path);
      else found.push(path);
    }
  }
  return found;
}
