import { couldNot } from '../base/errors';
import type { InstanceToStore, StoreAnswer, StoreVerdict } from '../session/ports';
import { multipartLength, newBoundary, type PartToWrite, writeMultipart } from './multipart';
import { asUID, type Peer, type PeerAnswer } from './peer';
import { faultOfStatus, notDicomweb } from './peer-faults';
import { parseStoreResponse, verdictsOf } from './store-response';

const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/**
 * Statuses whose body is read instance by instance (PS3.18 10.5.3.1): all stored, some refused, all refused; and 400,
 * which Orthanc answers where one part is bad although it stored the others.
 */
const TELLS_BY_INSTANCE: ReadonlySet<number> = new Set([200, 202, 409, 400]);

const PART_HEADERS = { 'Content-Type': 'application/dicom' } as const;

/**
 * STOW-RS: one request, its parts streamed as they come (PS3.18 10.5). With `byteLengths`, the sizes of the instances in
 * order, the request has a Content-Length instead of coming in chunks: a server may take much longer for the latter
 * (Orthanc 1.10, one part of 400 MB: 56 s instead of 4.5 s).
 */
export async function storeInstances(
  peer: Peer,
  study: string,
  instances: AsyncIterable<InstanceToStore>,
  signal: AbortSignal,
  byteLengths?: readonly number[],
): Promise<StoreAnswer> {
  const boundary = newBoundary();
  const sent = new Set<string>();
  let failure: { readonly error: unknown } | undefined;

  let count = 0;

  async function* parts(): AsyncGenerator<PartToWrite, void, undefined> {
    for await (const { SOPInstanceUID, bytes } of instances) {
      const byteLength = byteLengths?.[count];
      count += 1;
      sent.add(SOPInstanceUID);
      yield { headers: PART_HEADERS, bytes: byteLengths === undefined ? bytes : ofLength(bytes, byteLength ?? 0) };
    }
    if (byteLengths !== undefined && count !== byteLengths.length) {
      throw lengthChanged();
    }
  }
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* writeMultipart(parts(), boundary);
    } catch (error) {
      // The connection is destroyed with the body unfinished, so that nothing cut short can be taken for whole.
      failure = { error };
      throw error;
    }
  }

  let answer: PeerAnswer;
  try {
    answer = await peer.request({
      service: 'store',
      method: 'POST',
      path: `/studies/${asUID(study)}`,
      headers: {
        'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
        accept: 'application/dicom+json, application/dicom+xml;q=0.5',
        ...(byteLengths === undefined
          ? {}
          : { 'content-length': String(multipartLength(PART_HEADERS, byteLengths, boundary)) }),
      },
      body: body(),
      signal,
    });
  } catch (error) {
    throw failure === undefined ? error : failure.error;
  }
  if (!TELLS_BY_INSTANCE.has(answer.status)) {
    answer.discard();
    throw faultOfStatus(peer.name, 'store', answer.status);
  }
  const text = (await answer.buffer(MAX_RESPONSE_BYTES)).toString('utf8').trim();
  if (answer.status === 400 && text === '') {
    throw faultOfStatus(peer.name, 'store', answer.status);
  }
  const response = text === '' ? undefined : parseStoreResponse(text);
  if (response === undefined && text !== '' && answer.status === 200) {
    throw notDicomweb(peer.name, 'store', 'got an answer that is no Store Instances Response');
  }
  const named = response === undefined ? new Map<string, StoreVerdict>() : verdictsOf(response);
  const verdicts = new Map<string, StoreVerdict>();
  for (const uid of sent) {
    verdicts.set(uid, named.get(uid) ?? { verdict: 'unknown' });
  }
  return { status: answer.status, verdicts };
}

function lengthChanged(): Error {
  return couldNot('LENGTH_CHANGED', 'What is to be stored has another size than it was said to have.', {
    remedy: 'The originals have changed since they were looked at; they are to be looked at again.',
  });
}

/** Says so before the server could wait for bytes that never come, or take the next part for the end of this one. */
async function* ofLength(
  bytes: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = length;
  for await (const chunk of bytes) {
    left -= chunk.length;
    if (left < 0) {
      throw lengthChanged();
    }
    yield chunk;
  }
  if (left > 0) {
    throw lengthChanged();
  }
}
