import { Fault } from '../../base/errors';
import type { ReceivingRequest, StoredPart, StoreReason } from '../../session/receive';
import { parseAccept, parseMediaType } from '../media-type';
import { type BodyPart, readMultipart } from '../multipart';

/** What a Store transaction comes with (PS3.18 10.5.1). */
export interface StoreRequest {
  /** Study Instance UID of the address, or null. */
  readonly study: string | null;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** In bytes, where the client says it beforehand. */
  readonly contentLength: number | undefined;
  readonly accept: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

export type StoreResponse =
  | { readonly answered: true; readonly status: 200 | 202 | 409; readonly dataSet: DicomJson }
  /** Nothing was stored, and what was sent may not have been read to its end. */
  | {
      readonly answered: false;
      readonly status: 400 | 406 | 413 | 415;
      readonly code: string;
      readonly message: string;
      readonly remedy?: string;
    };

type DicomJson = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;

export interface StoreLimits {
  readonly maxRequestBytes: number;
  readonly maxParts: number;
}

/** PS3.18 Table I.2-2; 0111H, Duplicate SOP Instance, is of PS3.7 C.5.7 (I.2.2 lets other codes be used). */
const FAILURE_REASON: Readonly<Record<StoreReason, number>> = {
  'cannot-understand': 0xc000,
  'transfer-syntax-not-supported': 0xc122,
  'sop-class-not-supported': 0x0122,
  'does-not-match': 0xa900,
  duplicate: 0x0111,
  'out-of-resources': 0xa700,
  'processing-failure': 0x0110,
};
/** PS3.18 Table I.2-1, Data Set does not match SOP Class: kept, and not understood as what it says it is. */
const WARNING_REASON = 0xb007;

const FAILED_SOP_SEQUENCE = '00081198';
const REFERENCED_SOP_SEQUENCE = '00081199';
const OTHER_FAILURES_SEQUENCE = '0008119A';

/** RFC 2046 5.1.1 allows 70; Orthanc's STOW-RS client sends 73. */
const BOUNDARY_AT_MOST = 200;
const JSON_RANGES: ReadonlySet<string> = new Set([
  '*/*',
  'application/*',
  'application/dicom+json',
  'application/json',
]);
const UID = /^(?=.{1,64}$)[0-9]+(\.[0-9]+)*$/;

/**
 * One Store transaction as its origin server (PS3.18 10.5). Nothing of a request is of effect before its body was read
 * to the closing boundary, so that 400 and 413 mean what they say: no instance was stored.
 */
export async function storeInstances(
  request: StoreRequest,
  receiving: ReceivingRequest,
  limits: StoreLimits,
): Promise<StoreResponse> {
  const refusal = refusalOf(request, limits);
  if (refusal !== undefined) return refusal;
  const boundary = parseMediaType(request.contentType ?? '').parameters.get('boundary') ?? '';
  try {
    let parts = 0;
    for await (const part of readMultipart(counted(request.body, limits), boundary, 'the request')) {
      parts += 1;
      if (parts > limits.maxParts) throw new TooLarge();
      await take(part, receiving);
    }
    if (parts === 0) return badBody('the body holds no part');
    return answerOf(await receiving.keep());
  } catch (error) {
    if (error instanceof TooLarge) return tooLarge(limits);
    if (error instanceof Fault && BODY_FAULTS.has(error.code)) {
      return badBody('the body is no multipart body, or ends before its closing boundary');
    }
    throw error;
  } finally {
    await receiving.discard();
  }
}

/** What the multipart reader says of a body. */
const BODY_FAULTS: ReadonlySet<string> = new Set(['BODY_CUT_SHORT', 'PEER_NOT_DICOMWEB']);

class TooLarge extends Error {}

async function* counted(body: AsyncIterable<Uint8Array>, limits: StoreLimits): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limits.maxRequestBytes) throw new TooLarge();
    yield chunk;
  }
}

/** A part that does not say what it is, is taken for what the whole body is said to hold. */
async function take(part: BodyPart, receiving: ReceivingRequest): Promise<void> {
  const type = part.headers.get('content-type');
  const essence = type === undefined ? 'application/dicom' : parseMediaType(type).essence;
  if (essence === 'application/dicom' || essence === 'application/octet-stream' || essence === '') {
    await receiving.take(part.bytes);
  } else {
    receiving.refuse('cannot-understand');
  }
}

/** What can be told before the first byte of the body. */
function refusalOf(request: StoreRequest, limits: StoreLimits): StoreResponse | undefined {
  const { essence, parameters } = parseMediaType(request.contentType ?? '');
  const type = parseMediaType(parameters.get('type') ?? 'application/dicom').essence;
  const encoding = (request.contentEncoding ?? 'identity').trim().toLowerCase();
  if (essence !== 'multipart/related' || type !== 'application/dicom' || encoding !== 'identity') {
    return problem(
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'Instances are stored as multipart/related; type="application/dicom".',
    );
  }
  const ranges = parseAccept(request.accept);
  if (ranges.length > 0 && !ranges.some((range) => JSON_RANGES.has(range.essence))) {
    return problem(406, 'NOT_ACCEPTABLE', 'The answer is offered as application/dicom+json.');
  }
  if (request.study !== null && !UID.test(request.study)) {
    return problem(400, 'BAD_UID', 'The study of the address is no UID.');
  }
  const boundary = parameters.get('boundary') ?? '';
  if (boundary === '' || boundary.length > BOUNDARY_AT_MOST) {
    return badBody('the Content-Type has no boundary, or one of more than 200 characters');
  }
  if ((request.contentLength ?? 0) > limits.maxRequestBytes) return tooLarge(limits);
  return undefined;
}

function problem(status: 400 | 406 | 413 | 415, code: string, message: string, remedy?: string): StoreResponse {
  return { answered: false, status, code, message, ...(remedy === undefined ? {} : { remedy }) };
}

function badBody(what: string): StoreResponse {
  return problem(400, 'BAD_BODY', `Nothing was stored: ${what}.`, 'Send all of it again.');
}

function tooLarge(limits: StoreLimits): StoreResponse {
  return problem(
    413,
    'BODY_TOO_LARGE',
    `Nothing was stored: a request may have ${limits.maxRequestBytes} bytes and ${limits.maxParts} parts.`,
    'Send fewer instances at a time.',
  );
}

/** Store Instances Response (PS3.18 Table I.1-1), and the status that goes with it (Table 10.5.3-1). */
function answerOf(parts: readonly StoredPart[]): StoreResponse {
  const stored: unknown[] = [];
  const failed: unknown[] = [];
  const others: unknown[] = [];
  let flawless = true;
  for (const { instance, result, reason } of parts) {
    flawless &&= reason === null;
    const failure = { '00081197': { vr: 'US', Value: [FAILURE_REASON[reason ?? 'processing-failure']] } };
    if (instance === null) {
      others.push(failure);
      continue;
    }
    const reference = {
      '00081150': { vr: 'UI', Value: [instance.SOPClassUID] },
      '00081155': { vr: 'UI', Value: [instance.SOPInstanceUID] },
    };
    if (result === 'refused') failed.push({ ...reference, ...failure });
    else stored.push(reason === null ? reference : { ...reference, '00081196': { vr: 'US', Value: [WARNING_REASON] } });
  }
  const dataSet: Record<string, { vr: string; Value: readonly unknown[] }> = {};
  for (const [tag, items] of [
    [FAILED_SOP_SEQUENCE, failed],
    [REFERENCED_SOP_SEQUENCE, stored],
    [OTHER_FAILURES_SEQUENCE, others],
  ] as const) {
    if (items.length > 0) dataSet[tag] = { vr: 'SQ', Value: items };
  }
  return { answered: true, status: stored.length === 0 ? 409 : flawless ? 200 : 202, dataSet };
}
