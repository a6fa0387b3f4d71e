import { couldNot } from '../base/errors';
import type { DeidentificationPlan, Deidentifier, Pseudonyms } from '../deidentification/deidentifier';
import type { DataSet } from '../dicom/data-set';
import type { Verifier } from '../verification/verifier';
import { deidentifyInstance, matchingDigest, openInstance } from './instance-pass';
import { inLanes, Lanes } from './lanes';
import type { ImageSource, InstanceBytes, InstanceToStore, Receiver, StoreVerdict } from './ports';
import { planRetrievals, type Retrieval, type SizesByStudy } from './retrieval';
import type { SelectedInstance } from './store-port';

/**
 * Instances up to this size are held while they are stored, so that the next one of the same answer can be read
 * meanwhile; with as many lanes as there are, that bounds the memory. A larger one flows through by itself.
 */
const HELD_BYTES = 4 * 1024 * 1024;

export interface SenderParts {
  readonly source: ImageSource;
  readonly receiver: Receiver;
  readonly deidentifier: Deidentifier;
  readonly verifier: Verifier;
  /** By Study Instance UID of the source. */
  pseudonyms(StudyInstanceUID: string): Pseudonyms;
  /** As it was planned before. */
  plan(header: DataSet): DeidentificationPlan;
  readonly lanes: number;
  /** Told of each instance that is about to leave, in any order. */
  onHeaders?(instance: SelectedInstance, headers: HeaderPair): void;
  /** Told of each answer, in any order. */
  onAnswer(instance: SelectedInstance, status: number, verdict: StoreVerdict): Promise<void>;
}

/** Of one instance, as it came and as it leaves. */
export interface HeaderPair {
  readonly source: DataSet;
  readonly result: DataSet;
}

/** From the image source to the Receiver: retrieve, de-identify, compare with what was planned, store. */
export class InstanceSender {
  constructor(private readonly parts: SenderParts) {}

  async send(instances: readonly SelectedInstance[], present: SizesByStudy, signal: AbortSignal): Promise<void> {
    const retrievals = planRetrievals(instances, present);
    const left: SelectedInstance[] = [];
    for (const retrieval of retrievals) {
      if (retrieval.instance !== undefined) left.push(...retrieval.wanted);
      else left.push(...(await this.sendMany(retrieval, signal)));
    }
    await inLanes(left, this.parts.lanes, signal, (instance, laneSignal) => this.sendOne(instance, laneSignal));
  }

  /** A study or series in one answer; returns what the answer left out. */
  private async sendMany(retrieval: Retrieval, signal: AbortSignal): Promise<readonly SelectedInstance[]> {
    const wanted = new Map(retrieval.wanted.map((instance) => [instance.SOPInstanceUID, instance]));
    const lanes = new Lanes(this.parts.lanes, signal);
    try {
      for await (const retrieved of this.parts.source.retrieve(retrieval, lanes.signal)) {
        const { instance, part, study } = await this.deidentify(retrieved.bytes, (uid) => wanted.get(uid));
        if (instance === undefined || part === undefined) continue;
        wanted.delete(instance.SOPInstanceUID);
        if ((instance.byteLength ?? Number.POSITIVE_INFINITY) > HELD_BYTES) {
          await this.store(instance, study, part, lanes.signal);
          continue;
        }
        // Whole and compared before its request begins.
        const chunks = await collect(part.bytes);
        await lanes.begin((laneSignal) => this.store(instance, study, { ...part, bytes: each(chunks) }, laneSignal));
      }
    } catch (error) {
      lanes.fail(error);
    }
    await lanes.end();
    return [...wanted.values()];
  }

  private async sendOne(instance: SelectedInstance, signal: AbortSignal): Promise<void> {
    const resource = {
      study: instance.StudyInstanceUID,
      series: instance.SeriesInstanceUID,
      instance: instance.SOPInstanceUID,
    };
    let sent = false;
    // Read to its end even when the instance is through: the connection then serves the next one.
    for await (const retrieved of this.parts.source.retrieve(resource, signal)) {
      if (sent) continue;
      const { part, study } = await this.deidentify(retrieved.bytes, (uid) =>
        uid === instance.SOPInstanceUID ? instance : undefined,
      );
      if (part === undefined) throw sourceChanged();
      await this.store(instance, study, part, signal);
      sent = true;
    }
    if (!sent) throw instanceGone();
  }

  /** Of an instance that is not sent now: read as if it were, to its end. */
  async headersOf(instance: SelectedInstance, signal: AbortSignal): Promise<HeaderPair> {
    const resource = {
      study: instance.StudyInstanceUID,
      series: instance.SeriesInstanceUID,
      instance: instance.SOPInstanceUID,
    };
    let headers: HeaderPair | undefined;
    for await (const retrieved of this.parts.source.retrieve(resource, signal)) {
      if (headers !== undefined) continue;
      const found = await this.deidentify(retrieved.bytes, (uid) =>
        uid === instance.SOPInstanceUID ? instance : undefined,
      );
      if (found.part === undefined) throw sourceChanged();
      for await (const _chunk of found.part.bytes) {
        // compared with what was planned
      }
      headers = found.headers;
    }
    if (headers === undefined) throw instanceGone();
    return headers;
  }

  private async deidentify(
    bytes: InstanceBytes,
    find: (SOPInstanceUID: string) => SelectedInstance | undefined,
  ): Promise<{ instance?: SelectedInstance; part?: InstanceToStore; headers?: HeaderPair; study: string }> {
    const { deidentifier, verifier } = this.parts;
    const opened = await openInstance(bytes, deidentifier, (header) => this.parts.plan(header));
    const instance = find(opened.SOPInstanceUID);
    if (instance === undefined) return { study: '' };
    const { sha256, byteLength } = instance;
    if (sha256 === null || byteLength === null) throw sourceChanged();
    const result = deidentifyInstance(opened, deidentifier, this.parts.pseudonyms(opened.StudyInstanceUID), verifier);
    const headers = { source: opened.incoming.header, result: result.header };
    this.parts.onHeaders?.(instance, headers);
    return {
      instance,
      headers,
      study: result.StudyInstanceUID,
      part: {
        SOPClassUID: opened.SOPClassUID,
        SeriesInstanceUID: result.SeriesInstanceUID,
        SOPInstanceUID: result.SOPInstanceUID,
        bytes: matchingDigest(result.bytes, { sha256, byteLength }),
      },
    };
  }

  private async store(
    instance: SelectedInstance,
    study: string,
    part: InstanceToStore,
    signal: AbortSignal,
  ): Promise<void> {
    const lengths = instance.byteLength === null ? undefined : [instance.byteLength];
    const answer = await this.parts.receiver.store(study, each([part]), signal, lengths);
    const verdict = answer.verdicts.get(part.SOPInstanceUID) ?? { verdict: 'unknown' };
    await this.parts.onAnswer(instance, answer.status, verdict);
  }
}

function instanceGone() {
  return couldNot('INSTANCE_NOT_FOUND', 'the image source no longer sends an instance that it had');
}

function sourceChanged() {
  return couldNot('SOURCE_CHANGED', 'the image source sent another instance than the one that was checked');
}

async function collect(bytes: InstanceBytes): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return chunks;
}

export async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
