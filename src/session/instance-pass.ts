import { createHash } from 'node:crypto';
import { Fault } from '../base/errors';
import type { Reason } from '../base/outcome';
import type { DeidentificationPlan, Deidentifier, Pseudonyms } from '../deidentification/deidentifier';
import type { DataSet } from '../dicom/data-set';
import { type IncomingInstance, type ReadOptions, readPart10, type TopLevelPart } from '../dicom/part10/read';
import { writePart10 } from '../dicom/part10/write';
import { TAGS } from '../dicom/tags';
import type { VerificationFinding, Verifier } from '../verification/verifier';
import { pseudonymValues } from '../verification/verifier-of';
import { valuesMeant } from './export-deidentifier';
import type { InstanceBytes } from './ports';
import type { SourcePatient } from './store-port';

const ENCAPSULATED_DOCUMENT = 0x00420011;

/** Header of one instance, read and judged, with its bulk data still waiting in the stream. */
export interface OpenedInstance {
  readonly incoming: IncomingInstance;
  readonly plan: DeidentificationPlan;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly patient: SourcePatient;
}

/** What left the pass: the header that goes out and the bytes of the whole instance. */
export interface DeidentifiedInstance {
  readonly header: DataSet;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** What the verifier says beside letting it go. */
  readonly findings: readonly VerificationFinding[];
}

/** Reads the header and plans, without touching the bulk data. Throws the codec's Fault where it cannot be read. */
export async function openInstance(
  bytes: InstanceBytes,
  deidentifier: Deidentifier,
  plan: (header: DataSet) => DeidentificationPlan = (header) => deidentifier.plan(header),
): Promise<OpenedInstance> {
  const options: ReadOptions = { elide: deidentifier.elide };
  const incoming = await readPart10(bytes, options);
  const header = incoming.header;
  return {
    incoming,
    plan: plan(header),
    StudyInstanceUID: header.string(TAGS.StudyInstanceUID) ?? '',
    SeriesInstanceUID: header.string(TAGS.SeriesInstanceUID) ?? '',
    SOPClassUID: header.string(TAGS.SOPClassUID) ?? '',
    SOPInstanceUID: header.string(TAGS.SOPInstanceUID) ?? '',
    patient: {
      PatientID: header.string(TAGS.PatientID) ?? '',
      IssuerOfPatientID: header.string(TAGS.IssuerOfPatientID) ?? '',
      PatientName: header.string(TAGS.PatientName) ?? '',
      PatientBirthDate: header.string(TAGS.PatientBirthDate) ?? '',
      PatientSex: header.string(TAGS.PatientSex) ?? '',
    },
  };
}

/**
 * The plan applied: the new header is whole, and verified, before the first byte is given out. Throws Fault where the plan's verdict
 * is not `passed`, and where the verifier does not let the new header leave: what was held back cannot be written by
 * mistake. `onBulk` is told of what lies behind the header, as it goes by.
 */
export function deidentifyInstance(
  opened: OpenedInstance,
  deidentifier: Deidentifier,
  pseudonyms: Pseudonyms,
  verifier: Verifier,
  onBulk?: (bytes: Uint8Array) => void,
): DeidentifiedInstance {
  const { plan, incoming } = opened;
  if (plan.verdict.outcome !== 'passed') {
    throw new Fault(plan.verdict.reason.code, 'cannot', plan.verdict.reason.message);
  }
  const header = deidentifier.apply(incoming.header, plan, pseudonyms);
  const meant = [...pseudonymValues(pseudonyms), ...valuesMeant(deidentifier, incoming.header)];
  const verdict = verifier.verify(incoming.header, header, { pseudonyms: meant });
  if (verdict.outcome !== 'passed') {
    const { code, message, remedy } = verdict.reason;
    throw new Fault(code, 'cannot', message, remedy === undefined ? {} : { remedy });
  }
  return {
    header,
    StudyInstanceUID: header.string(TAGS.StudyInstanceUID) ?? '',
    SeriesInstanceUID: header.string(TAGS.SeriesInstanceUID) ?? '',
    SOPInstanceUID: header.string(TAGS.SOPInstanceUID) ?? '',
    bytes: writePart10(incoming.transferSyntax, header, keptParts(incoming.rest, deidentifier, onBulk)),
    findings: verdict.findings,
  };
}

async function* keptParts(
  rest: AsyncIterable<TopLevelPart>,
  deidentifier: Deidentifier,
  onBulk?: (bytes: Uint8Array) => void,
): AsyncGenerator<TopLevelPart> {
  for await (const part of rest) {
    const tag = part.kind === 'element' ? part.element.tag : part.tag;
    const vr = part.kind === 'element' ? part.element.vr : part.vr;
    if (deidentifier.planRest(tag, vr) === 'keep') {
      yield onBulk === undefined || part.kind === 'element' ? part : { ...part, chunks: seenBy(onBulk, part.chunks) };
    }
  }
}

async function* seenBy(
  onBulk: (bytes: Uint8Array) => void,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBulk(chunk);
    yield chunk;
  }
}

/** Of what a person looks at, the header aside: decisions on its texts leave it as it is. */
export class PixelDigest {
  /** To be said before the bytes of the result are read. */
  isWanted = false;
  readonly #hash = createHash('sha256');

  readonly take = (bytes: Uint8Array): void => {
    if (this.isWanted) this.#hash.update(bytes);
  };

  /** Once its bytes have been read; under the new UID, which leads nowhere. */
  of({ header, SOPInstanceUID }: DeidentifiedInstance): string | undefined {
    if (!this.isWanted) return undefined;
    this.#hash.update(header.element(ENCAPSULATED_DOCUMENT)?.bytes() ?? new Uint8Array(0));
    return `${SOPInstanceUID} ${this.#hash.digest('hex')}`;
  }
}

export interface Digest {
  readonly sha256: string;
  readonly byteLength: number;
}

/** Reads to the end, keeping only size and digest. */
export async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<Digest> {
  const hash = createHash('sha256');
  let byteLength = 0;
  for await (const chunk of bytes) {
    hash.update(chunk);
    byteLength += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), byteLength };
}

/**
 * Passes the bytes on and holds the last chunk back until size and digest are those that were planned, so that an
 * instance that changed in between never becomes a complete part of a request. Throws Fault SOURCE_CHANGED.
 */
export async function* matchingDigest(bytes: AsyncIterable<Uint8Array>, planned: Digest): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let byteLength = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of bytes) {
    hash.update(chunk);
    byteLength += chunk.byteLength;
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (byteLength !== planned.byteLength || hash.digest('hex') !== planned.sha256) {
    throw new Fault('SOURCE_CHANGED', 'could-not', 'the instance is not the one that was checked before', {
      remedy: 'It was changed in the image source meanwhile; the session is planned again.',
    });
  }
  if (held !== undefined) yield held;
}

/** A Fault that says something about the instance itself, not about the peer it came from. */
export function reasonToHold(error: unknown): Reason | undefined {
  if (!(error instanceof Fault) || error.retryable) return undefined;
  return {
    code: error.code,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  };
}
