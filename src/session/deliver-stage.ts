import { createHash } from 'node:crypto';
import { couldNot, Fault } from '../base/errors';
import type { Reason } from '../base/outcome';
import type { Pseudonyms } from '../deidentification/deidentifier';
import type { DataSet } from '../dicom/data-set';
import { writePart10Bytes } from '../dicom/part10/write';
import { ExplicitVRLittleEndian } from '../dicom/transfer-syntax';
import { type ExportSelection, placeReferences } from '../selection/export-selection';
import { buildManifests } from '../selection/manifest';
import { type FlowDeps, type ProjectPolicy, pseudonymsFor } from './flow-deps';
import { deidentifyInstance, matchingDigest, openInstance } from './instance-pass';
import { inLanes } from './lanes';
import type { ImageSource, InstanceToStore, Receiver, StoreVerdict } from './ports';
import { groupBy } from './retrieval';
import type { DeliveredInstance, DeliveryReceipt, Project, SelectedInstance } from './store-port';

/** Deliveries written to the database at a time: a kill costs at most so many questions to the Receiver. */
const RECORD_BATCH = 25;
const CONFIRM_PAUSES_MS = [0, 500, 1_500, 3_000] as const;

export interface Delivery {
  readonly sessionId: string;
  readonly project: Project;
  readonly selection: ExportSelection;
  readonly source: ImageSource;
  readonly receiver: Receiver;
  /** The patient's code in this project, assigned while planning. */
  readonly subject: string;
  /** Key Object Description that goes out: the configured text it was recognised by. */
  readonly disposition: string | null;
  /** An earlier run of this stage may have been cut off between storing and recording. */
  readonly resumed: boolean;
}

/**
 * Sends every planned instance, asks the Receiver what it keeps, sends the manifest last and answers the receipt.
 * Each thrown Fault leaves what was delivered recorded, so that the next run sends only the rest.
 */
export async function deliverSelection(
  delivery: Delivery,
  deps: FlowDeps,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const run = new DeliveryRun(delivery, deps, signal);
  if (delivery.resumed) await run.learnWhatIsKept();
  await run.sendInstances();
  const confirmedByQuery = await run.confirm();
  const manifests = await run.sendManifests();
  return run.receipt(manifests, confirmedByQuery);
}

interface SentManifest {
  readonly StudyInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly sha256: string;
}

class DeliveryRun {
  private readonly policy: ProjectPolicy;
  private readonly uid: (source: string) => string;
  private readonly pseudonyms: Pseudonyms;
  private instances: readonly SelectedInstance[] = [];
  private unrecorded: DeliveredInstance[] = [];

  constructor(
    private readonly delivery: Delivery,
    private readonly deps: FlowDeps,
    private readonly signal: AbortSignal,
  ) {
    this.policy = deps.policy(delivery.project);
    this.uid = deps.uidOf(delivery.project);
    this.pseudonyms = pseudonymsFor(delivery.subject, this.policy, this.uid);
  }

  private async load(): Promise<readonly SelectedInstance[]> {
    this.instances = await this.deps.store.instances(this.delivery.sessionId);
    return this.instances;
  }

  private pending(): readonly SelectedInstance[] {
    return this.instances.filter((instance) => instance.state === 'planned');
  }

  /** After an interruption: what the Receiver already has was sent and only not recorded. */
  async learnWhatIsKept(): Promise<void> {
    await this.load();
    for (const [study, pending] of groupBy(this.pending(), (instance) => instance.StudyInstanceUID)) {
      const kept = await this.delivery.receiver.kept(this.uid(study), this.signal);
      if (kept === null) return;
      await this.deps.store.recordDelivered(
        this.delivery.sessionId,
        pending
          .filter((instance) => kept.has(this.uid(instance.SOPInstanceUID)))
          .map(({ ordinal }) => ({ ordinal, status: null, warningReason: null })),
      );
    }
  }

  async sendInstances(): Promise<void> {
    await this.load();
    const pending = this.pending();
    const doubtful: SelectedInstance[] = [];
    const refusals: { ordinal: number; reason: Reason }[] = [];
    try {
      await inLanes(pending, this.deps.lanes, this.signal, async (instance, signal) => {
        const { status, verdict } = await this.send(instance, signal);
        if (verdict.verdict === 'refused') refusals.push({ ordinal: instance.ordinal, reason: refusalOf(verdict) });
        else if (verdict.verdict === 'unknown') doubtful.push(instance);
        else await this.record({ ordinal: instance.ordinal, status, warningReason: verdict.warningReason });
      });
    } finally {
      await this.flush();
    }
    await this.deps.store.recordRefused(this.delivery.sessionId, refusals);
    await this.askAbout(doubtful);
    if (refusals.length > 0) throw refused(refusals.length, refusals[0]?.reason.message ?? '');
  }

  private async send(
    instance: SelectedInstance,
    signal: AbortSignal,
  ): Promise<{ status: number; verdict: StoreVerdict }> {
    const { source, receiver } = this.delivery;
    const resource = {
      study: instance.StudyInstanceUID,
      series: instance.SeriesInstanceUID,
      instance: instance.SOPInstanceUID,
    };
    let sent: { status: number; verdict: StoreVerdict } | undefined;
    // Read to its end even when the instance is through: the connection then serves the next one.
    for await (const retrieved of source.retrieve(resource, signal)) {
      if (sent !== undefined) continue;
      const opened = await openInstance(retrieved.bytes, this.policy.deidentifier);
      if (
        opened.SOPInstanceUID !== instance.SOPInstanceUID ||
        instance.sha256 === null ||
        instance.byteLength === null
      ) {
        throw sourceChanged();
      }
      const result = deidentifyInstance(opened, this.policy.deidentifier, this.pseudonyms);
      const part: InstanceToStore = {
        SOPClassUID: instance.SOPClassUID,
        SOPInstanceUID: result.SOPInstanceUID,
        bytes: matchingDigest(result.bytes, { sha256: instance.sha256, byteLength: instance.byteLength }),
      };
      const answer = await receiver.store(result.StudyInstanceUID, once(part), signal);
      sent = { status: answer.status, verdict: answer.verdicts.get(result.SOPInstanceUID) ?? { verdict: 'unknown' } };
    }
    if (sent !== undefined) return sent;
    throw couldNot('INSTANCE_NOT_FOUND', 'the image source no longer sends an instance that it had');
  }

  private async record(delivered: DeliveredInstance): Promise<void> {
    this.unrecorded.push(delivered);
    if (this.unrecorded.length < RECORD_BATCH) return;
    await this.flush();
    await this.ensureExporting();
  }

  private async flush(): Promise<void> {
    const batch = this.unrecorded;
    this.unrecorded = [];
    if (batch.length > 0) await this.deps.store.recordDelivered(this.delivery.sessionId, batch);
  }

  /** Somebody may have cancelled it meanwhile: then nothing more leaves. */
  private async ensureExporting(): Promise<void> {
    if ((await this.deps.store.stateOf(this.delivery.sessionId)) !== 'exporting') {
      throw new Fault('SESSION_MOVED', 'cannot', 'the session is not exporting any more');
    }
  }

  /** The answer did not name them: kept or not is asked by QIDO-RS, and where that cannot be asked they count as not kept. */
  private async askAbout(doubtful: readonly SelectedInstance[]): Promise<void> {
    let lost = 0;
    for (const [study, instances] of groupBy(doubtful, (instance) => instance.StudyInstanceUID)) {
      const kept = await this.keptOf(study, instances);
      const found = instances.filter((instance) => kept?.has(this.uid(instance.SOPInstanceUID)) === true);
      lost += instances.length - found.length;
      await this.deps.store.recordDelivered(
        this.delivery.sessionId,
        found.map(({ ordinal }) => ({ ordinal, status: null, warningReason: null })),
      );
    }
    if (lost > 0) throw notKept(lost);
  }

  /** true where the Receiver, asked, names all of the set; false where it cannot be asked. */
  async confirm(): Promise<boolean> {
    await this.load();
    let lost = 0;
    for (const [study, instances] of groupBy(this.instances, (instance) => instance.StudyInstanceUID)) {
      const kept = await this.keptOf(study, instances);
      if (kept === null) return false;
      const gone = instances.filter((instance) => !kept.has(this.uid(instance.SOPInstanceUID)));
      lost += gone.length;
      await this.deps.store.recordLost(
        this.delivery.sessionId,
        gone.map(({ ordinal }) => ordinal),
      );
    }
    if (lost > 0) throw notKept(lost);
    return true;
  }

  /** Asks a few times: a Receiver may answer before its index knows what it stored. */
  private async keptOf(study: string, wanted: readonly SelectedInstance[]): Promise<ReadonlySet<string> | null> {
    let kept: ReadonlySet<string> | null = null;
    for (const pause of CONFIRM_PAUSES_MS) {
      await this.deps.sleep(pause, this.signal);
      kept = await this.delivery.receiver.kept(this.uid(study), this.signal);
      const known = kept;
      if (known === null || wanted.every((instance) => known.has(this.uid(instance.SOPInstanceUID)))) return kept;
    }
    return kept;
  }

  async sendManifests(): Promise<readonly SentManifest[]> {
    await this.ensureExporting();
    const { selection, receiver, project, disposition } = this.delivery;
    const manifests = buildManifests(
      placeReferences(selection, new Map(this.instances.map((one) => [one.SOPInstanceUID, one]))),
      {
        ...this.pseudonyms,
        ...this.policy.manifest,
        description: disposition,
      },
    );
    const sent: SentManifest[] = [];
    for (const manifest of manifests) sent.push(await this.sendManifest(manifest, receiver));
    // Of the received documents; copies that the Selector left out have no source.
    await this.deps.store.recordUIDs(
      project.id,
      [selection.source, ...selection.identicalDocuments].flatMap((document) => [
        { kind: 'series' as const, source: document.SeriesInstanceUID, target: this.uid(document.SeriesInstanceUID) },
        { kind: 'instance' as const, source: document.SOPInstanceUID, target: this.uid(document.SOPInstanceUID) },
      ]),
    );
    return sent;
  }

  private async sendManifest(manifest: DataSet, receiver: Receiver): Promise<SentManifest> {
    const chunks = writePart10Bytes(ExplicitVRLittleEndian, manifest);
    const uid = (tag: number): string => manifest.string(tag) ?? '';
    const [study, SOPClassUID, SOPInstanceUID] = [uid(0x0020000d), uid(0x00080016), uid(0x00080018)];
    const hash = createHash('sha256');
    for (const chunk of chunks) hash.update(chunk);
    const kept = this.delivery.resumed ? await receiver.kept(study, this.signal) : null;
    if (kept?.has(SOPInstanceUID) !== true) {
      const answer = await receiver.store(
        study,
        once({ SOPClassUID, SOPInstanceUID, bytes: each(chunks) }),
        this.signal,
      );
      const verdict = answer.verdicts.get(SOPInstanceUID) ?? { verdict: 'unknown' };
      if (verdict.verdict === 'refused') throw refused(1, refusalOf(verdict).message);
      const keeps = await receiver.kept(study, this.signal);
      if (keeps === null ? verdict.verdict === 'unknown' : !keeps.has(SOPInstanceUID)) throw notKept(1);
    }
    return { StudyInstanceUID: study, SOPInstanceUID, sha256: hash.digest('hex') };
  }

  receipt(manifests: readonly SentManifest[], confirmedByQuery: boolean): DeliveryReceipt {
    return {
      receiver: this.delivery.receiver.name,
      completedAt: this.deps.now().toISOString(),
      edition: this.policy.edition,
      options: this.policy.options,
      manifest: manifests,
      instances: this.instances.map((instance) => ({
        StudyInstanceUID: this.uid(instance.StudyInstanceUID),
        SeriesInstanceUID: this.uid(instance.SeriesInstanceUID),
        SOPInstanceUID: this.uid(instance.SOPInstanceUID),
        SOPClassUID: instance.SOPClassUID,
        sha256: instance.sha256 ?? '',
        byteLength: instance.byteLength ?? 0,
        status: instance.status,
        warningReason: instance.warningReason,
      })),
      confirmedByQuery,
    };
  }
}

type Refusal = Extract<StoreVerdict, { verdict: 'refused' }>;

function refusalOf({ failureReason }: Refusal): Reason {
  const code =
    failureReason === null ? '' : ` (failure reason ${failureReason.toString(16).toUpperCase().padStart(4, '0')}H)`;
  return { code: 'RECEIVER_REFUSED_INSTANCE', message: `the Receiver refused it${code}` };
}

function refused(count: number, message: string): Fault {
  return couldNot('RECEIVER_REFUSED_INSTANCE', `${message}: ${count} of the instances`, {
    remedy: 'Ask who runs the Receiver why it does not take them; they are tried again meanwhile.',
  });
}

function notKept(count: number): Fault {
  return couldNot('RECEIVER_DID_NOT_KEEP', `the Receiver answered well and does not keep ${count} of the instances`, {
    remedy: 'Ask who runs the Receiver what became of them; they are sent again meanwhile.',
  });
}

function sourceChanged(): Fault {
  return couldNot('SOURCE_CHANGED', 'the image source sent another instance than the one that was checked');
}

async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
