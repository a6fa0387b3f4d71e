import { Fault } from '../base/errors';
import type { Reason } from '../base/outcome';
import { INFORMATION_SOP_CLASSES } from '../selection/additional-teaching-file-information/read';
import { type SetReferences, WITH_THE_SET } from '../verification/set-references';
import { isPixelRisk, saysBurnedIn } from '../verification/verifier';
import type { SessionError } from './export-session';
import type { FlowDeps, ProjectPolicy, PseudonymKey } from './flow-deps';
import { Found } from './found';
import {
  deidentifyInstance,
  digestOf,
  type OpenedInstance,
  openInstance,
  PixelDigest,
  reasonToHold,
} from './instance-pass';
import { inLanes } from './lanes';
import { letsDescriptionsLeave } from './outgoing-manifest';
import type { ImageSource, InstanceBytes } from './ports';
import { rejectedAmong } from './rejection-notes';
import { groupBy, planRetrievals, type Retrieval, type SizesByStudy } from './retrieval';
import type { AttributeChange, PlannedInstance, Project, SelectedInstance, SourcePatient, UIDPair } from './store-port';
import { knownInStudies, TextContext } from './text-context';
import { studyDatesOf, TrialAssignment } from './trial-assignment';

/** Of the Key Object itself: whom it is about, empty where it does not say, and the text that would leave with it. */
type OfManifest = Pick<SourcePatient, 'PatientID' | 'IssuerOfPatientID'> & {
  /** Empty where it has none, or one that the project configures. */
  readonly description: string;
};

/** How the dry pass over a whole selection ended. */
export type PlanResult =
  | {
      readonly result: 'planned';
      /** null: the patient has no code yet. */
      readonly subject: string | null;
      /** What a person has to say of the subject or its time points before anything leaves. */
      readonly waits: SessionError | null;
      readonly leftOut: number;
      /** Findings that wait for a person. */
      readonly undecided: number;
      /** Somebody has approved the session before. */
      readonly approved: boolean;
    }
  | { readonly result: 'missing'; readonly count: number }
  | { readonly result: 'quarantined'; readonly count: number }
  | { readonly result: 'rejected'; readonly code: string; readonly message: string };

/**
 * Reads every referenced instance once, to the last byte, through the same pass that exports it, and sends nothing:
 * all or nothing needs to be known before the first instance leaves, and nothing may be spooled to disk. Writes what
 * it found; faults of the image source come out as thrown `Fault`s.
 */
export async function planSelection(
  sessionId: string,
  project: Project,
  ofManifest: OfManifest,
  source: ImageSource,
  /** The selection was found incomplete before: it is looked for by search first, and only read once it is whole. */
  wasIncomplete: boolean,
  deps: FlowDeps,
  signal: AbortSignal,
  /** null: all or nothing. */
  partial: { readonly withoutMissing: boolean } | null = null,
): Promise<PlanResult> {
  const selected = await deps.store.instances(sessionId);
  const rejected = await rejectedAmong(selected, deps.rejectsQualityToo?.(project) === true, deps.store);
  const instances = selected.filter((instance) => !rejected.has(instance));
  const { located, missing } = await locate(instances, source, wasIncomplete, signal);
  const goesOn = missing.length === 0 || partial?.withoutMissing === true;
  const sizes = goesOn ? await sizesOf(located, source, signal) : new Map();
  const policy = deps.policy(project);
  const looksAtText = goesOn && (policy.keepsText || selected.some(mayBeInformation));
  const known = looksAtText ? await knownInStudies(studiesOf(located), source, signal) : new Map();
  const decisions = looksAtText ? await deps.store.decisions(project.id) : new Map();
  const studyDates =
    policy.timePoints === undefined || !goesOn ? new Map() : await studyDatesOf(located, source, signal);
  let patient: SourcePatient | undefined;
  for (;;) {
    const texts = new TextContext(known, decisions);
    const run = new PlanRun(sessionId, project, policy, texts, deps, ofManifest, studyDates, patient);
    for (const [instance, reason] of rejected) run.noteRejected(instance, reason);
    for (const instance of missing) run.noteMissing(instance);
    if (goesOn) {
      await inLanes(planRetrievals(located, sizes), deps.lanes, signal, async (retrieval, laneSignal) => {
        await run.retrieve(retrieval, source, laneSignal);
      });
    }
    // Some name the issuer of the Patient ID and some do not: the code must not depend on which came first.
    patient = run.betterIdentity();
    if (patient === undefined) return run.finish(partial);
  }
}

/** One search a study, a row a series. */
export async function sizesOf(
  instances: readonly SelectedInstance[],
  source: ImageSource,
  signal: AbortSignal,
): Promise<SizesByStudy> {
  const sizes = new Map<string, ReadonlyMap<string, number | null>>();
  for (const study of new Set(instances.map((instance) => instance.StudyInstanceUID))) {
    sizes.set(study, await source.seriesSizes(study, signal));
  }
  return sizes;
}

/**
 * Where the image source keeps what is selected, asked only where it matters: naming every instance of a study costs a
 * server more than sending many of them.
 */
async function locate(
  instances: readonly SelectedInstance[],
  source: ImageSource,
  all: boolean,
  signal: AbortSignal,
): Promise<{ readonly located: readonly SelectedInstance[]; readonly missing: readonly SelectedInstance[] }> {
  const located: SelectedInstance[] = [];
  const missing: SelectedInstance[] = [];
  for (const [study, ofStudy] of groupBy(instances, (instance) => instance.StudyInstanceUID)) {
    if (!all && ofStudy.every((instance) => instance.SeriesInstanceUID !== '')) {
      located.push(...ofStudy);
      continue;
    }
    const matches = await source.findInstances(study, null, signal);
    const seriesOf = new Map(matches.map((match) => [match.SOPInstanceUID, match.SeriesInstanceUID]));
    for (const instance of ofStudy) {
      const SeriesInstanceUID = seriesOf.get(instance.SOPInstanceUID);
      if (SeriesInstanceUID === undefined) missing.push(instance);
      else located.push({ ...instance, SeriesInstanceUID });
    }
  }
  return { located, missing };
}

/** Its text is cleaned under every policy. What the selection does not say of its class is worth a look. */
function mayBeInformation({ SOPClassUID }: SelectedInstance): boolean {
  return SOPClassUID === '' || INFORMATION_SOP_CLASSES.includes(SOPClassUID);
}

function studiesOf(instances: readonly SelectedInstance[]): readonly string[] {
  return instances.map(({ StudyInstanceUID }) => StudyInstanceUID);
}

type Noted = Omit<PlannedInstance, 'ordinal'>;

/** Without a Patient ID nobody can be told apart by it: then each study stands for a patient of its own. */
function identified(opened: OpenedInstance): SourcePatient {
  return opened.patient.PatientID === ''
    ? { ...opened.patient, IssuerOfPatientID: opened.StudyInstanceUID }
    : opened.patient;
}

/** Patient ID with its issuer where both name one; names differ in spelling from object to object. */
export function samePatient(
  a: Pick<SourcePatient, 'PatientID' | 'IssuerOfPatientID'>,
  b: Pick<SourcePatient, 'PatientID' | 'IssuerOfPatientID'>,
): boolean {
  if (a.PatientID !== b.PatientID) return false;
  return a.IssuerOfPatientID === b.IssuerOfPatientID || a.IssuerOfPatientID === '' || b.IssuerOfPatientID === '';
}

const PIXEL_RISK: Reason = {
  code: 'PIXEL_RISK',
  message: 'the instance says that text is burned into its pixels, and the project has nobody look at it',
  remedy: 'Have the project review what is found, or clean the pixels in the image source.',
};

class PlanRun {
  private readonly noted = new Map<number, PlannedInstance>();
  private readonly changes = new Map<string, { change: Omit<AttributeChange, 'instances'>; instances: number }>();
  private readonly uids = new Map<string, UIDPair>();
  private readonly found = new Found();
  private readonly references: SetReferences;
  private readonly key: PseudonymKey;
  private readonly uid: (source: string) => string;
  /** The patient once more, as one that names the issuer has it. */
  private withIssuer: SourcePatient | undefined;
  private assignment: Promise<TrialAssignment> | undefined;
  private otherPatient = false;

  constructor(
    private readonly sessionId: string,
    private readonly project: Project,
    private readonly policy: ProjectPolicy,
    private readonly texts: TextContext,
    private readonly deps: FlowDeps,
    private readonly ofManifest: OfManifest,
    private readonly studyDates: ReadonlyMap<string, string>,
    private patient: SourcePatient | undefined,
  ) {
    this.key = deps.keyOf(project);
    this.references = policy.setReferences();
    this.uid = (source) => {
      const target = this.key.uid(source);
      if (!this.uids.has(source)) this.uids.set(source, { kind: 'other', source, target });
      return target;
    };
  }

  note(instance: SelectedInstance, noted: Noted): void {
    this.noted.set(instance.ordinal, {
      ordinal: instance.ordinal,
      ...noted,
      sourceSeriesInstanceUID: instance.SeriesInstanceUID,
    });
  }

  noteRejected(instance: SelectedInstance, reason: Reason): void {
    this.note(instance, { state: 'quarantined', reason, target: null, sha256: null, byteLength: null });
  }

  noteMissing(instance: SelectedInstance): void {
    this.note(instance, { state: 'missing', reason: null, target: null, sha256: null, byteLength: null });
  }

  async retrieve(retrieval: Retrieval, source: ImageSource, signal: AbortSignal): Promise<void> {
    const wanted = new Map(retrieval.wanted.map((instance) => [instance.SOPInstanceUID, instance]));
    // Where a single instance was asked for, a part that cannot be read can be told apart all the same.
    const only = retrieval.instance === undefined ? undefined : retrieval.wanted[0];
    let unreadable: Fault | undefined;
    try {
      for await (const retrieved of source.retrieve(retrieval, signal)) {
        const fault = await this.take(retrieved.bytes, wanted, only);
        if (fault !== undefined) unreadable = fault;
      }
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'INSTANCE_NOT_FOUND') throw error;
      // Of a study or series that it does not know at all it has no instance either.
      for (const instance of wanted.values()) this.noteMissing(instance);
      return;
    }
    if (wanted.size === 0) return;
    if (only === undefined) {
      // The answer left some out, or held a part that could not even be told apart: ask for each by itself.
      for (const instance of wanted.values()) {
        await this.retrieve(
          {
            study: instance.StudyInstanceUID,
            series: instance.SeriesInstanceUID,
            instance: instance.SOPInstanceUID,
            wanted: [instance],
          },
          source,
          signal,
        );
      }
      return;
    }
    const reason = unreadable === undefined ? undefined : reasonToHold(unreadable);
    this.note(only, {
      state: reason === undefined ? 'missing' : 'quarantined',
      reason: reason ?? null,
      target: null,
      sha256: null,
      byteLength: null,
    });
  }

  /** One part of the answer. Takes the instance from `wanted` once it is judged; answers a fault it cannot attribute. */
  private async take(
    bytes: InstanceBytes,
    wanted: Map<string, SelectedInstance>,
    only: SelectedInstance | undefined,
  ): Promise<Fault | undefined> {
    let instance: SelectedInstance | undefined;
    try {
      const opened = await openInstance(bytes, this.policy.deidentifier, (header) =>
        this.texts.plan(this.policy.deidentifier, header),
      );
      instance = wanted.get(opened.SOPInstanceUID);
      if (instance === undefined) return undefined;
      wanted.delete(opened.SOPInstanceUID);
      this.note(instance, await this.judge(opened));
      return undefined;
    } catch (error) {
      const reason = reasonToHold(error);
      if (reason === undefined) throw error;
      const held = instance ?? only;
      if (held === undefined) return error as Fault;
      wanted.delete(held.SOPInstanceUID);
      this.note(held, { state: 'quarantined', reason, target: null, sha256: null, byteLength: null });
      return undefined;
    }
  }

  private async judge(opened: OpenedInstance): Promise<Noted> {
    const { verdict } = opened.plan;
    if (verdict.outcome !== 'passed') {
      return { state: 'quarantined', reason: verdict.reason, target: null, sha256: null, byteLength: null };
    }
    const patient = identified(opened);
    this.patient ??= patient;
    if (patient.PatientID !== '' && patient.IssuerOfPatientID !== '') this.withIssuer ??= patient;
    if (
      !samePatient(this.patient, patient) ||
      (this.withIssuer !== undefined && !samePatient(this.withIssuer, patient)) ||
      (this.ofManifest.PatientID !== '' && !samePatient(this.ofManifest, patient))
    ) {
      this.otherPatient = true;
    }
    this.assignment ??= TrialAssignment.of(this.patient, this.studyDates, {
      project: this.project,
      policy: this.policy,
      key: this.key,
      uid: this.uid,
      store: this.deps.store,
    });
    const pseudonyms = (await this.assignment).pseudonyms(opened.StudyInstanceUID);
    const pixels = new PixelDigest();
    const result = deidentifyInstance(opened, this.policy.deidentifier, pseudonyms, this.policy.verifier, pixels.take);
    pixels.isWanted = result.findings.some(isPixelRisk);
    if (this.policy.review === 'never' && result.findings.some(saysBurnedIn)) {
      return { state: 'quarantined', reason: PIXEL_RISK, target: null, sha256: null, byteLength: null };
    }
    if (this.references.add(opened.incoming.header, result.header).length > 0) {
      return { state: 'quarantined', reason: WITH_THE_SET, target: null, sha256: null, byteLength: null };
    }
    const digest = await digestOf(result.bytes);
    this.found.add(opened.plan, result.findings, pixels.of(result));
    this.count(opened);
    this.name('study', opened.StudyInstanceUID, result.StudyInstanceUID);
    this.name('series', opened.SeriesInstanceUID, result.SeriesInstanceUID);
    this.name('instance', opened.SOPInstanceUID, result.SOPInstanceUID);
    return {
      state: 'planned',
      reason: null,
      target: {
        StudyInstanceUID: result.StudyInstanceUID,
        SeriesInstanceUID: result.SeriesInstanceUID,
        SOPInstanceUID: result.SOPInstanceUID,
      },
      ...digest,
    };
  }

  private name(kind: UIDPair['kind'], source: string, target: string): void {
    this.uids.set(source, { kind, source, target });
  }

  private count(opened: OpenedInstance): void {
    for (const { path, keyword, action, rule } of opened.plan.changes) {
      const key = `${opened.SOPClassUID} ${path} ${action} ${rule}`;
      const known = this.changes.get(key);
      if (known === undefined) {
        this.changes.set(key, {
          change: { SOPClassUID: opened.SOPClassUID, path, keyword, action, rule },
          instances: 1,
        });
      } else {
        known.instances += 1;
      }
    }
  }

  private lookAtDescription(): void {
    const { description } = this.ofManifest;
    if (description === '' || !letsDescriptionsLeave(this.policy)) return;
    const { finding } = this.texts.description(description);
    if (finding !== null) this.found.addDescription(description, finding);
  }

  /** The identity by which all of it should be planned once more; undefined where it was the right one. */
  betterIdentity(): SourcePatient | undefined {
    if (this.otherPatient || this.patient === undefined || this.patient.PatientID === '') return undefined;
    return this.patient.IssuerOfPatientID === '' ? this.withIssuer : undefined;
  }

  async finish(partial: { readonly withoutMissing: boolean } | null): Promise<PlanResult> {
    const noted = [...this.noted.values()];
    await this.deps.store.recordPlanned(this.sessionId, noted);
    if (this.otherPatient) {
      return {
        result: 'rejected',
        code: 'MORE_THAN_ONE_PATIENT',
        message: 'the selection and the instances it references belong to more than one patient',
      };
    }
    const count = (state: PlannedInstance['state']): number => noted.filter((entry) => entry.state === state).length;
    await this.deps.store.recordChanges(
      this.sessionId,
      [...this.changes.values()].map(({ change, instances }) => ({ ...change, instances })),
    );
    const [held, missing] = [count('quarantined'), count('missing')];
    // A manifest without references is none.
    const mayLeaveOut = partial !== null && count('planned') > 0;
    if (held > 0 && !mayLeaveOut) return { result: 'quarantined', count: held };
    if (missing > 0 && !(mayLeaveOut && partial.withoutMissing)) return { result: 'missing', count: missing };
    this.lookAtDescription();
    await this.deps.store.recordUIDs(this.project.id, [...this.uids.values()], (await this.assignment)?.subject);
    if (this.texts.knowsStudies) {
      await this.deps.store.keepPlanContext(this.sessionId, this.project.id, this.texts.toJSON());
    }
    const { undecided, approved } = await this.deps.store.recordFindings(
      this.sessionId,
      this.project.id,
      this.found.list(),
      this.texts.decided,
    );
    const assigned = await this.assignment;
    if (assigned !== undefined) {
      await this.deps.store.keepTrial(this.sessionId, this.project.id, assigned.patient, assigned.trial);
    }
    const { subject, waits } = assigned ?? { subject: '', waits: null };
    return { result: 'planned', subject, waits, leftOut: held + missing, undecided, approved };
  }
}
