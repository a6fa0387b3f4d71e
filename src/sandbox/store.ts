import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../base/errors';
import { readPart10 } from '../dicom/part10/read';
import { type BodyPart, readMultipart } from '../dicomweb/multipart';
import { type IndexedInstance, type InstanceIndex, indexed } from './instance-index';

/** PS3.18 I.2.2 (failure reasons of a Store Instances Response). */
export const FAILURE = {
  processing: 0x0110,
  /** The study of the instance is not the one of the address. */
  otherStudy: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

type PartResult =
  | { readonly result: 'stored'; readonly instance: IndexedInstance }
  | { readonly result: 'refused'; readonly reason: number; readonly instance: IndexedInstance | undefined };

export interface StoreResult {
  readonly status: number;
  readonly response: Record<string, { vr: string; Value: unknown[] }>;
}

/** The body was no multipart body; what was stored of it before stays. */
export class BadBody extends Error {}

/**
 * STOW-RS (PS3.18 10.5). Each part goes to a file of its own while it is being read, and is moved to its place only
 * when it turned out whole. Of two instances with the same UID the first is kept, and the second answered as stored.
 */
export async function storeInstances(
  index: InstanceIndex,
  study: string | undefined,
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  baseUrl: string,
): Promise<StoreResult> {
  const results: PartResult[] = [];
  try {
    for await (const part of readMultipart(body, boundary, 'client')) {
      results.push(await storePart(index, study, part));
    }
  } catch (error) {
    if (error instanceof Fault) {
      throw new BadBody(error.message);
    }
    throw error;
  }
  if (results.length === 0) {
    throw new BadBody('The body holds no instances.');
  }
  return responseFor(results, study, baseUrl);
}

async function storePart(index: InstanceIndex, study: string | undefined, part: BodyPart): Promise<PartResult> {
  const path = join(index.incoming, randomUUID());
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'wx');
    const written = new Written(part.bytes, file);
    const instance = await readWhole(path, written);
    await written.rest();
    await file.close();
    file = undefined;
    if (instance === undefined) {
      return { result: 'refused', reason: FAILURE.cannotUnderstand, instance };
    }
    if (study !== undefined && instance.StudyInstanceUID !== study) {
      return { result: 'refused', reason: FAILURE.otherStudy, instance };
    }
    return { result: 'stored', instance: await keep(index, path, { ...instance, size: written.size }) };
  } catch (error) {
    // The body itself broke off: an error of the request, not of this part.
    if (error instanceof BodyFailure) {
      throw error.cause;
    }
    return { result: 'refused', reason: FAILURE.processing, instance: undefined };
  } finally {
    await file?.close();
    await rm(path, { force: true });
  }
}

/** Reads all of it, so that an instance that was cut short before it was sent is not taken for a good one. */
async function readWhole(path: string, source: AsyncIterable<Uint8Array>): Promise<IndexedInstance | undefined> {
  try {
    const { header, transferSyntax, rest } = await readPart10(source, { elide: () => true });
    for await (const _part of rest) {
      // Asking for the next drains the one before.
    }
    return indexed(path, 0, transferSyntax.uid, header);
  } catch (error) {
    if (error instanceof Fault && error.kind === 'cannot') {
      return undefined;
    }
    throw error;
  }
}

class BodyFailure extends Error {
  constructor(override readonly cause: unknown) {
    super('the body of the request ended early');
  }
}

/** Passes chunks on to the reader and writes each to the file. */
class Written implements AsyncIterable<Uint8Array> {
  size = 0;
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(
    bytes: AsyncIterable<Uint8Array>,
    private readonly file: FileHandle,
  ) {
    this.source = bytes[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.next() };
  }

  /** What the reader left: padding behind the last element, or all that follows what it could not understand. */
  async rest(): Promise<void> {
    while ((await this.next()).done !== true);
  }

  private async next(): Promise<IteratorResult<Uint8Array>> {
    let result: IteratorResult<Uint8Array>;
    try {
      result = await this.source.next();
    } catch (error) {
      throw new BodyFailure(error);
    }
    if (result.done !== true) {
      this.size += result.value.length;
      await this.file.writeFile(result.value);
    }
    return result;
  }
}

async function keep(index: InstanceIndex, path: string, instance: IndexedInstance): Promise<IndexedInstance> {
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = instance;
  const folder = join(index.directory, StudyInstanceUID, SeriesInstanceUID);
  await mkdir(folder, { recursive: true });
  const kept = index.instance(SOPInstanceUID);
  if (kept !== undefined) {
    return kept;
  }
  const place = join(folder, `${SOPInstanceUID}.dcm`);
  const stored = { ...instance, path: place };
  // Before the move, so that the same instance coming in twice at a time is stored once.
  index.add(stored);
  try {
    await rename(path, place);
  } catch (error) {
    index.remove(stored);
    throw error;
  }
  return stored;
}

const REFERENCED_SOP_SEQUENCE = '00081199';
const FAILED_SOP_SEQUENCE = '00081198';
const OTHER_FAILURES_SEQUENCE = '0008119A';
const RETRIEVE_URL = '00081190';

/** Store Instances Response (PS3.18 Table 10.5.3-1, I.2). */
function responseFor(results: readonly PartResult[], study: string | undefined, baseUrl: string): StoreResult {
  const stored: unknown[] = [];
  const failed: unknown[] = [];
  const others: unknown[] = [];
  for (const one of results) {
    if (one.instance === undefined) {
      others.push({ '00081197': { vr: 'US', Value: [one.result === 'refused' ? one.reason : FAILURE.processing] } });
      continue;
    }
    const { SOPClassUID, SOPInstanceUID, StudyInstanceUID, SeriesInstanceUID } = one.instance;
    const reference = {
      '00081150': { vr: 'UI', Value: [SOPClassUID] },
      '00081155': { vr: 'UI', Value: [SOPInstanceUID] },
    };
    if (one.result === 'stored') {
      const url = `${baseUrl}/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;
      stored.push({ ...reference, [RETRIEVE_URL]: { vr: 'UR', Value: [url] } });
    } else {
      failed.push({ ...reference, '00081197': { vr: 'US', Value: [one.reason] } });
    }
  }
  const response: StoreResult['response'] = {};
  if (study !== undefined) {
    response[RETRIEVE_URL] = { vr: 'UR', Value: [`${baseUrl}/studies/${study}`] };
  }
  for (const [tag, items] of [
    [FAILED_SOP_SEQUENCE, failed],
    [REFERENCED_SOP_SEQUENCE, stored],
    [OTHER_FAILURES_SEQUENCE, others],
  ] as const) {
    if (items.length > 0) {
      response[tag] = { vr: 'SQ', Value: items };
    }
  }
  // Table 10.5.3-1: all, some, none.
  const status = stored.length === results.length ? 200 : stored.length > 0 ? 202 : 409;
  return { status, response };
}
