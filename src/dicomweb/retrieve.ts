import type { RetrievedInstance } from '../session/ports';
import { readMultipart } from './multipart';
import { asUID, type Peer } from './peer';
import { describe, faultOfStatus, instanceNotFound, notDicomweb } from './peer-faults';

export interface RetrieveResource {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
}

/** PS3.18 8.7.3.5: the asterisk asks for each instance in the transfer syntax it is stored in. */
const ACCEPT = 'multipart/related; type="application/dicom"; transfer-syntax=*';

/** 404: none such; 410: gone; 204: nothing to send. */
const NOT_FOUND: ReadonlySet<number> = new Set([204, 404, 410]);

function pathOf({ study, series, instance }: RetrieveResource): string {
  let path = `/studies/${asUID(study)}`;
  if (series !== undefined) {
    path += `/series/${asUID(series)}`;
    if (instance !== undefined) {
      path += `/instances/${asUID(instance)}`;
    }
  }
  return path;
}

/**
 * WADO-RS: the instances of a study, a series, or one (PS3.18 10.4), streamed. The address is always made from the
 * configured one: RetrieveURL may name a host that only the server itself can reach.
 */
export async function* retrieveInstances(
  peer: Peer,
  resource: RetrieveResource,
  signal: AbortSignal,
): AsyncGenerator<RetrievedInstance, void, undefined> {
  const answer = await peer.request({
    service: 'retrieve',
    method: 'GET',
    path: pathOf(resource),
    headers: { accept: ACCEPT },
    signal,
  });
  if (NOT_FOUND.has(answer.status)) {
    answer.discard();
    throw instanceNotFound(peer.name, answer.status);
  }
  if (answer.status !== 200) {
    answer.discard();
    throw faultOfStatus(peer.name, 'retrieve', answer.status);
  }
  const { essence, parameters } = answer.mediaType;
  if (essence === 'application/dicom') {
    // Some servers answer so where one instance is asked for.
    let complete = false;
    try {
      yield { contentType: answer.header('content-type') ?? null, bytes: answer.bytes() };
      complete = true;
    } finally {
      if (!complete) {
        answer.abandon();
      }
    }
    answer.discard();
    return;
  }
  const boundary = parameters.get('boundary');
  if (essence !== 'multipart/related' || boundary === undefined || boundary === '') {
    answer.discard();
    throw notDicomweb(peer.name, 'retrieve', 'was answered in another form than multipart/related');
  }
  let complete = false;
  try {
    for await (const { headers, bytes } of readMultipart(answer.bytes(), boundary, describe(peer.name, 'retrieve'))) {
      yield { contentType: headers.get('content-type') ?? null, bytes };
    }
    complete = true;
  } finally {
    if (!complete) {
      answer.abandon();
    }
  }
  answer.discard();
}
