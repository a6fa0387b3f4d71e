import type { InstanceToStore, StoreAnswer, StoreVerdict } from '../session/ports';
import { newBoundary, type PartToWrite, writeMultipart } from './multipart';
import { asUID, type Peer, type PeerAnswer } from './peer';
import { faultOfStatus, notDicomweb } from './peer-faults';
import { parseStoreResponse, verdictsOf } from './store-response';

const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/**
 * Statuses whose body is read instance by instance (PS3.18 10.5.3.1): all stored, some refused, all refused; and 400,
 * which Orthanc answers where one part is bad although it stored the others.
 */
const TELLS_BY_INSTANCE: ReadonlySet<number> = new Set([200, 202, 409, 400]);

/** STOW-RS: one request, its parts streamed as they come (PS3.18 10.5). */
export async function storeInstances(
  peer: Peer,
  study: string,
  instances: AsyncIterable<InstanceToStore>,
  signal: AbortSignal,
): Promise<StoreAnswer> {
  const boundary = newBoundary();
  const sent = new Set<string>();
  let failure: { readonly error: unknown } | undefined;

  async function* parts(): AsyncGenerator<PartToWrite, void, undefined> {
    for await (const { SOPInstanceUID, bytes } of instances) {
      sent.add(SOPInstanceUID);
      yield { headers: { 'Content-Type': 'application/dicom' }, bytes };
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
