import { createHash } from 'node:crypto';
import { couldNot, Fault } from '../base/errors';
import type { Reason } from '../base/outcome';
import type { DataSet } from '../dicom/data-set';
import { writePart10Bytes } from '../dicom/part10/write';
import { BASIC_TEXT_SR, COMPREHENSIVE_SR, ENHANCED_SR } from '../dicom/sop-class';
import { ExplicitVRLittleEndian } from '../dicom/transfer-syntax';
import { type ExportSelection, placeReferences } from '../selection/export-selection';
import { reducedSelection } from '../selection/reduced-selection';
import { type FlowDeps, type ProjectPolicy, pseudonymsFor } from './flow-deps';
import { withAdded } from './information-source';
import { each, type HeaderPair, InstanceSender } from './instance-sender';
import { outgoingManifests } from './outgoing-manifest';
import { sizesOf } from './plan-stage';
import type { ImageSource, Receiver, ReceiverHabits, StoreVerdict } from './ports';
import { rejectedAmong } from './rejection-notes';
import { groupBy } from './retrieval';
import type { FindingCount } from './review-port';
import type { DeliveredInstance, DeliveryReceipt, Project, SelectedInstance } from './store-port';
import { TextContext } from './text-context';
import { atTimePoint } from './trial-assignment';
import type { SessionTrial } from './trial-port';

/** Deliveries written to the database at a time: a kill costs at most so many questions to the Receiver. */
const RECORD_BATCH = 25;
/** TCE Additional Teaching File Information is one of them; a Receiver may look for the images that it is about. */
const STRUCTURED_REPORTS: ReadonlySet<string> = new Set([BASIC_TEXT_SR, ENHANCED_SR, COMPREHENSIVE_SR]);
const CONFIRM_PAUSES_MS = [0, 500, 1_500, 3_000] as const;

export interface Delivery {
  readonly sessionId: string;
  readonly project: Project;
  readonly selection: ExportSelection;
  readonly source: ImageSource;
  readonly receiver: Receiver;
  readonly habits: ReceiverHabits;
  /** The patient's code in this project, assigned while planning. */
  readonly subject: string;
  /** Key Object Description that goes out: the configured text it was recognised by. */
  readonly disposition: string | null;
  /** Instances that the Receiver takes under no circumstances are left out. */
  readonly partial: boolean;
  /** The whole set was delivered, or should have been, before: what the Receiver keeps is sent all the same. */
  readonly again: boolean;
  /** An earlier run of this stage may have been cut off between storing and recording. */
  readonly resumed: boolean;
}

/**
 * Sends every planned instance, asks the Receiver what it keeps, sends the manifest last, or first where the Receiver
 * wants it so, and answers the receipt.
 * Each thrown Fault leaves what was delivered recorded, so that the next run sends only the rest.
 */
export async function deliverSelection(
  delivery: Delivery,
  deps: FlowDeps,
  signal: AbortSignal,
): Promise<DeliveryReceipt> {
  const { sessionId, project } = delivery;
  const texts = TextContext.of(await deps.store.planContext(sessionId, project.id));
  const trial = await deps.store.trial(sessionId);
  const run = new DeliveryRun(delivery, texts, trial, deps, signal);
  await run.refuseWhatWasRejected();
  if (delivery.resumed && !delivery.again) await run.learnWhatIsKept();
  await run.checkManifests();
  const first = delivery.habits.order === 'manifest-first' ? await run.sendManifests() : null;
  await run.sendInstances();
  const confirmedByQuery = await run.confirm();
  const manifests = first ?? (await run.sendManifests());
  return run.receipt(manifests, confirmedByQuery, await deps.store.findingCounts(sessionId));
}

interface SentManifests {
  readonly documents: readonly SentManifest[];
  readonly warnings: readonly Reason[];
}

interface SentManifest {
  readonly StudyInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly sha256: string;
}

class DeliveryRun {
  private readonly policy: ProjectPolicy;
  private readonly uid: (source: string) => string;
  private readonly pseudonyms: ReturnType<typeof pseudonymsFor>;
  private instances: readonly SelectedInstance[] = [];
  private leftOut: readonly SelectedInstance[] = [];
  private unrecorded: DeliveredInstance[] = [];
  /** Of the first instance of each study, by the source's Study Instance UID. */
  private readonly headers = new Map<string, HeaderPair>();
  private readonly sender: InstanceSender;
  private readonly doubtful: SelectedInstance[] = [];
  private readonly refusals: { ordinal: number; reason: Reason; forGood: boolean }[] = [];

  constructor(
    private readonly delivery: Delivery,
    private readonly texts: TextContext,
    trial: SessionTrial | null,
    private readonly deps: FlowDeps,
    private readonly signal: AbortSignal,
  ) {
    this.policy = deps.policy(delivery.project);
    const key = deps.keyOf(delivery.project);
    this.uid = (source) => key.uid(source);
    this.pseudonyms = pseudonymsFor(delivery.subject, this.policy, key, this.uid, trial?.subjectID ?? delivery.subject);
    this.sender = new InstanceSender({
      source: delivery.source,
      receiver: delivery.receiver,
      deidentifier: this.policy.deidentifier,
      verifier: this.policy.verifier,
      pseudonyms: (StudyInstanceUID) => atTimePoint(this.pseudonyms, trial, this.uid(StudyInstanceUID)),
      plan: (header) => this.texts.plan(this.policy.deidentifier, header),
      lanes: deps.lanes,
      onHeaders: (instance, headers) => {
        if (this.firstOf(instance.StudyInstanceUID)?.ordinal === instance.ordinal) {
          this.headers.set(instance.StudyInstanceUID, headers);
        }
      },
      onAnswer: async (instance, status, verdict) => {
        if (verdict.verdict === 'refused') {
          this.refusals.push({
            ordinal: instance.ordinal,
            reason: refusalOf(verdict),
            forGood: isForGood(verdict.failureReason),
          });
        } else if (verdict.verdict === 'unknown') this.doubtful.push(instance);
        else await this.record({ ordinal: instance.ordinal, status, warningReason: verdict.warningReason });
      },
    });
  }

  private async load(): Promise<readonly SelectedInstance[]> {
    const all = await this.deps.store.instances(this.delivery.sessionId);
    this.instances = all.filter(({ state }) => state === 'planned' || state === 'delivered');
    this.leftOut = all.filter((instance) => !this.instances.includes(instance));
    return this.instances;
  }

  /** The same in every run, so that a manifest sent again is the same. */
  private firstOf(StudyInstanceUID: string): SelectedInstance | undefined {
    return this.instances.find((instance) => instance.StudyInstanceUID === StudyInstanceUID);
  }

  private pending(): readonly SelectedInstance[] {
    return this.instances.filter((instance) => instance.state === 'planned');
  }

  /** A rejection note may have come since the set was planned: it is planned again, which says what becomes of it. */
  async refuseWhatWasRejected(): Promise<void> {
    const { store, rejectsQualityToo } = this.deps;
    await this.load();
    const rejected = await rejectedAmong(this.pending(), rejectsQualityToo?.(this.delivery.project) === true, store);
    if (rejected.size === 0) return;
    throw couldNot(
      'SOURCE_CHANGED',
      `a rejection note names ${rejected.size} of the instances since they were checked`,
    );
  }

  /** After an interruption: what the Receiver already has was sent and only not recorded. */
  async learnWhatIsKept(): Promise<void> {
    await this.load();
    for (const [study, pending] of groupBy(this.pending(), (instance) => instance.StudyInstanceUID)) {
      const kept = await this.delivery.receiver.kept({ study: this.uid(study) }, this.signal);
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
    if (pending.length === 0) return this.deps.store.recordRefused(this.delivery.sessionId, []);
    const { source } = this.delivery;
    // Documents about images come after the images.
    const documents = pending.filter(({ SOPClassUID }) => STRUCTURED_REPORTS.has(SOPClassUID));
    const others = pending.filter(({ SOPClassUID }) => !STRUCTURED_REPORTS.has(SOPClassUID));
    const sizes = await sizesOf(pending, source, this.signal);
    try {
      for (const some of [others, documents]) {
        if (some.length > 0) await this.sender.send(some, sizes, this.signal);
      }
    } finally {
      await this.flush();
    }
    await this.deps.store.recordRefused(this.delivery.sessionId, this.refusals);
    await this.askAbout(this.doubtful);
    if (this.refusals.length > 0 && !(await this.leaveRefusedOut()))
      throw refused(this.refusals.length, this.refusals[0]?.reason.message ?? '');
  }

  /** Where the project lets a set leave in part; a manifest that went first has named them already. */
  private async leaveRefusedOut(): Promise<boolean> {
    const { partial, habits, sessionId } = this.delivery;
    if (!partial || habits.order === 'manifest-first' || !this.refusals.every(({ forGood }) => forGood)) return false;
    if (this.refusals.length === this.instances.length) return false;
    await this.deps.store.recordPlanned(
      sessionId,
      this.refusals.map(({ ordinal, reason }) => ({
        ordinal,
        state: 'quarantined' as const,
        reason,
        target: null,
        sha256: null,
        byteLength: null,
      })),
    );
    await this.deps.store.recordRefused(sessionId, []);
    return true;
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
      if (await this.hasExactly(study, instances)) continue;
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

  /**
   * Each instance was named as stored, and each series holds just as many: then it need not be asked for each by name,
   * which takes some servers longer than storing them did.
   */
  private async hasExactly(study: string, instances: readonly SelectedInstance[]): Promise<boolean> {
    if (instances.some(({ status }) => status === null)) return false;
    const sizes = await this.delivery.receiver.seriesSizes(this.uid(study), this.signal);
    if (sizes === null) return false;
    const bySeries = groupBy(instances, (instance) => instance.SeriesInstanceUID);
    return [...bySeries].every(([series, ofSeries]) => sizes.get(this.uid(series)) === ofSeries.length);
  }

  /** Asks a few times: a Receiver may answer before its index knows what it stored. */
  private async keptOf(study: string, wanted: readonly SelectedInstance[]): Promise<ReadonlySet<string> | null> {
    let kept: ReadonlySet<string> | null = null;
    for (const pause of CONFIRM_PAUSES_MS) {
      await this.deps.sleep(pause, this.signal);
      kept = await this.delivery.receiver.kept({ study: this.uid(study) }, this.signal);
      const known = kept;
      if (known === null || wanted.every((instance) => known.has(this.uid(instance.SOPInstanceUID)))) return kept;
    }
    return kept;
  }

  /** Before anything leaves: what can be told of the manifest without having read an instance. */
  async checkManifests(): Promise<void> {
    await this.load();
    this.manifests();
  }

  private manifests() {
    const { selection, project, disposition, habits } = this.delivery;
    const { policy, pseudonyms, headers, instances } = this;
    const sent = new Map(instances.map((instance) => [instance.SOPInstanceUID, instance]));
    return outgoingManifests({
      selection: placeReferences(withAdded(reducedSelection(selection, new Set(sent.keys())), instances), sent),
      project,
      policy,
      pseudonyms,
      disposition,
      titleCodes: habits.titleCodes,
      texts: this.texts,
      headers,
    });
  }

  async sendManifests(): Promise<SentManifests> {
    await this.ensureExporting();
    const { selection, receiver, project } = this.delivery;
    for (const study of new Set(this.instances.map((instance) => instance.StudyInstanceUID))) {
      const first = this.firstOf(study);
      if (this.headers.has(study) || first === undefined) continue;
      this.headers.set(study, await this.sender.headersOf(first, this.signal));
    }
    const { documents, warnings } = this.manifests();
    const sent: SentManifest[] = [];
    for (const manifest of documents) sent.push(await this.sendManifest(manifest, receiver));
    // Of the received documents; copies that the Selector left out have no source.
    await this.deps.store.recordUIDs(
      project.id,
      [selection.source, ...selection.identicalDocuments].flatMap((document) => [
        { kind: 'series' as const, source: document.SeriesInstanceUID, target: this.uid(document.SeriesInstanceUID) },
        { kind: 'instance' as const, source: document.SOPInstanceUID, target: this.uid(document.SOPInstanceUID) },
      ]),
      this.pseudonyms.PatientID,
    );
    return { documents: sent, warnings };
  }

  private async sendManifest(manifest: DataSet, receiver: Receiver): Promise<SentManifest> {
    const chunks = writePart10Bytes(ExplicitVRLittleEndian, manifest);
    const uid = (tag: number): string => manifest.string(tag) ?? '';
    const place = { study: uid(0x0020000d), series: uid(0x0020000e) };
    const [SOPClassUID, SOPInstanceUID] = [uid(0x00080016), uid(0x00080018)];
    const hash = createHash('sha256');
    let byteLength = 0;
    for (const chunk of chunks) {
      hash.update(chunk);
      byteLength += chunk.byteLength;
    }
    const kept = this.delivery.resumed && !this.delivery.again ? await receiver.kept(place, this.signal) : null;
    if (kept?.has(SOPInstanceUID) !== true) {
      const answer = await receiver.store(
        place.study,
        each([{ SOPClassUID, SeriesInstanceUID: place.series, SOPInstanceUID, bytes: each(chunks) }]),
        this.signal,
        [byteLength],
      );
      const verdict = answer.verdicts.get(SOPInstanceUID) ?? { verdict: 'unknown' };
      if (verdict.verdict === 'refused') throw refused(1, refusalOf(verdict).message);
      const keeps = await receiver.kept(place, this.signal);
      if (keeps === null ? verdict.verdict === 'unknown' : !keeps.has(SOPInstanceUID)) throw notKept(1);
    }
    return { StudyInstanceUID: place.study, SOPInstanceUID, sha256: hash.digest('hex') };
  }

  receipt(manifests: SentManifests, confirmedByQuery: boolean, findings: readonly FindingCount[]): DeliveryReceipt {
    return {
      receiver: this.delivery.receiver.name,
      completedAt: this.deps.now().toISOString(),
      edition: this.policy.edition,
      options: this.policy.options,
      manifest: manifests.documents,
      ...(this.leftOut.length === 0 ? {} : { leftOut: byReason(this.leftOut) }),
      ...(manifests.warnings.length === 0 ? {} : { warnings: manifests.warnings }),
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
      findings,
      confirmedByQuery,
    };
  }
}

function byReason(instances: readonly SelectedInstance[]): NonNullable<DeliveryReceipt['leftOut']> {
  const groups = groupBy(instances, ({ state, reasonCode }) => reasonCode ?? (state === 'missing' ? 'MISSING' : state));
  return [...groups].map(([code, { length }]) => ({ code, count: length }));
}

/**
 * PS3.18 I.2.2: SOP Class not supported, data set that does not match its class or cannot be understood. Nothing that
 * passes with time.
 */
function isForGood(failureReason: number | null): boolean {
  if (failureReason === null) return false;
  const group = failureReason >>> 8;
  return failureReason === 0x0122 || group === 0xa9 || (group & 0xf0) === 0xc0;
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
