import { Fault } from '../base/errors';
import { faultFields, type Log } from '../base/log';
import type { CodedConcept } from '../dicom/coded-concept';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';
import { delayReasonOf } from '../selection/delay-reasons';
import { exportPurposeOf, knownDocumentTitle, rejectionTitleOf } from '../selection/document-titles';
import { type ExportSelection, readDocumentTitle, readExportSelection } from '../selection/export-selection';
import { isSharingManifest } from '../selection/sharing-manifest';
import { SESSION_STATES } from './export-session';
import { datesOf, isOlderThan } from './lookback';
import type { ImageSource, InstanceMatch } from './ports';
import { contentDigest, isOfSamePatient, isOlder, takesPlaceOf } from './selection-content';
import { chooseProject, isOrder, type ProjectRule } from './selection-policy';
import type { NewExportSession, Project, ReceivingProject, SessionStore } from './store-port';
import { mayMove } from './transitions';

/** Key Objects asked about at a time. */
const BATCH = 500;
/** Read before they are taken in. */
const HELD = 50;
/** Replaced documents are noticed after so long, a few at each poll. */
const READ_AGAIN_MS = 10 * 60_000;
const READ_AGAIN_AT_ONCE = 20;
/** Somebody else may take the same document, or a copy of it, at the same moment. */
const TRIES = 3;
/** Faults that are the peer's and not one document's. */
const PEER_IS_DOWN: ReadonlySet<string> = new Set(['PEER_UNREACHABLE', 'PEER_TIMEOUT', 'PEER_REFUSED_CREDENTIALS']);
/** Documents in a row; more than that, and it is the peer after all. */
const MOST_FAILURES = 10;

export interface IntakeDeps {
  readonly store: Pick<
    SessionStore,
    | 'unseen'
    | 'dueAgain'
    | 'markSeen'
    | 'met'
    | 'noteRejection'
    | 'open'
    | 'ofPatient'
    | 'load'
    | 'rejectSelection'
    | 'meetCopy'
    | 'withdraw'
  >;
  readonly projectRules: readonly ProjectRule[];
  project(name: string): Promise<Pick<Project, 'id' | 'name' | 'receiver'>>;
  readonly now: () => Date;
  readonly log: Log;
}

export interface IntakeCount {
  readonly found: number;
  readonly opened: number;
  readonly leftAlone: number;
  readonly unreadable: number;
}

/**
 * One poll of an image source: every Key Object it has and that was never met before is read; those titled for export
 * open a session, the others are remembered and left alone. A fault of the peer ends the poll; what was done stays
 * done and the next poll goes on from there.
 */
export async function pollImageSource(
  source: ImageSource,
  /** Milliseconds; undefined: every selection counts, however old. */
  lookback: number | undefined,
  deps: IntakeDeps,
  signal: AbortSignal,
): Promise<IntakeCount> {
  const count = { found: 0, opened: 0, leftAlone: 0, unreadable: 0 };
  let failed: Fault | undefined;
  let failedInARow = 0;
  const batch = new Map<string, InstanceMatch>();
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      failedInARow = 0;
    } catch (error) {
      // One document that the source cannot give must not stand before all the others.
      if (!(error instanceof Fault) || PEER_IS_DOWN.has(error.code) || ++failedInARow > MOST_FAILURES) throw error;
      deps.log.warn('key object cannot be retrieved; asked for again at the next poll', {
        imageSource: source.name,
        ...faultFields(error),
      });
      failed ??= error;
    }
  };
  const flush = async (): Promise<void> => {
    const unseen = await deps.store.unseen(source.name, [...batch.keys()]);
    const again = await deps.store.dueAgain(source.name, [...batch.keys()], READ_AGAIN_MS, READ_AGAIN_AT_ONCE);
    const due = [...unseen, ...again].map((uid) => batch.get(uid)).filter((match) => match !== undefined);
    for (let at = 0; at < due.length; at += HELD) {
      const read: KeyObjectMet[] = [];
      let broken: unknown;
      try {
        for (const match of due.slice(at, at + HELD)) {
          await attempt(async () => {
            const keyObject = await readIn(source, match, deps, signal);
            if (keyObject === null) count.unreadable += 1;
            else read.push({ keyObject, origin: { ...match, imageSource: source.name } });
          });
        }
      } catch (error) {
        broken = error;
      }
      for (const { keyObject, origin } of rejectionNotesFirst(read)) {
        await attempt(async () => {
          count[await takeKeyObject(keyObject, origin, lookback, deps)] += 1;
        });
      }
      if (broken !== undefined) throw broken;
    }
    batch.clear();
  };
  for await (const match of source.findKeyObjects(signal)) {
    count.found += 1;
    batch.set(match.SOPInstanceUID, match);
    if (batch.size >= BATCH) await flush();
  }
  await flush();
  if (failed !== undefined) throw failed;
  return count;
}

export type Taken = 'opened' | 'leftAlone' | 'unreadable';

interface KeyObjectMet {
  readonly keyObject: DataSet;
  readonly origin: KeyObjectOrigin;
}

/** What is met together with the note that rejects it must not be planned before the note is known. */
function rejectionNotesFirst(met: readonly KeyObjectMet[]): readonly KeyObjectMet[] {
  const isNote = ({ keyObject }: KeyObjectMet): boolean => {
    const title = titleOf(keyObject);
    return title !== undefined && rejectionTitleOf(title) !== null;
  };
  return [...met.filter(isNote), ...met.filter((each) => !isNote(each))];
}

/** null where it can be read at no time. */
async function readIn(
  source: ImageSource,
  match: InstanceMatch,
  deps: IntakeDeps,
  signal: AbortSignal,
): Promise<DataSet | null> {
  try {
    return await retrieveKeyObject(source, match, signal);
  } catch (error) {
    // A peer that is down says nothing about the document: the next poll asks again.
    if (!(error instanceof Fault) || error.retryable) throw error;
    deps.log.warn('key object cannot be read', { imageSource: source.name, ...faultFields(error) });
    await deps.store.markSeen(source.name, match.SOPInstanceUID, 'unreadable');
    return null;
  }
}

/** Where a Key Object was met, and as what; `imageSource` is the name of one, or `RECEIVED` for what was pushed here. */
export interface KeyObjectOrigin {
  readonly imageSource: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

/**
 * One Key Object, however it came: titled for export it opens a session, otherwise it is remembered and left alone.
 * A copy of one that has its session joins it, and what was met before is `leftAlone`.
 */
export async function takeKeyObject(
  keyObject: DataSet,
  origin: KeyObjectOrigin,
  /** Milliseconds; undefined: every selection counts, however old. */
  lookback: number | undefined,
  deps: IntakeDeps,
): Promise<Taken> {
  const { imageSource } = origin;
  let selection: ExportSelection;
  try {
    selection = readExportSelection(keyObject);
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable) throw error;
    deps.log.warn('key object cannot be read as a selection', { imageSource, ...faultFields(error) });
    return refuse(origin, keyObject, error, deps);
  }
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const taken = await takeSelection(keyObject, selection, imageSource, lookback, deps);
    if (taken !== null) return taken;
  }
  return 'leftAlone';
}

/** null where somebody else took it, or one of its copies, in between. */
async function takeSelection(
  keyObject: DataSet,
  selection: ExportSelection,
  imageSource: string,
  lookback: number | undefined,
  deps: IntakeDeps,
): Promise<Taken | null> {
  const { SOPInstanceUID } = selection.source;
  const digest = contentDigest(selection);
  const isOurs = isOrder(deps.projectRules, imageSource, selection.documentTitle) && !isSharingManifest(keyObject);
  const met = await deps.store.met(imageSource, SOPInstanceUID, digest);
  if (met !== null && met.sessionId !== null) {
    if (met.verdict === 'awaited') {
      await meetCopy(selection, { imageSource, digest, sessionId: met.sessionId, sameContent: met.sameContent }, deps);
      return 'leftAlone';
    }
    if (met.sameContent !== false) return 'leftAlone';
    if (isOurs) return replaceSession(selection, imageSource, digest, met.sessionId, deps);
    deps.log.warn('key object was replaced by one that orders no export', { session: met.sessionId, imageSource });
    await deps.store.withdraw(met.sessionId);
    return 'leftAlone';
  }
  if (met !== null) return 'leftAlone';
  const rejection = rejectionTitleOf(selection.documentTitle);
  if (rejection !== null) {
    const rejected = selection.references.map((reference) => reference.SOPInstanceUID);
    await deps.store.noteRejection(SOPInstanceUID, rejection, rejected);
  }
  if (!isOurs) {
    await deps.store.markSeen(imageSource, SOPInstanceUID, 'left-alone');
    return 'leftAlone';
  }
  if (lookback !== undefined && isOlderThan(datesOf(keyObject), deps.now(), lookback)) {
    deps.log.info('selection is older than the lookback and left alone', { imageSource });
    await deps.store.markSeen(imageSource, SOPInstanceUID, 'too-old');
    return 'leftAlone';
  }
  for (const copy of selection.identicalDocuments) {
    const known = await deps.store.met(imageSource, copy.SOPInstanceUID, digest);
    // One that was met before, and did not name this one as its copy.
    if (known?.verdict !== 'taken' || known.sessionId === null || known.sameContent !== true) continue;
    await meetCopy(selection, { imageSource, digest, sessionId: known.sessionId, sameContent: null }, deps);
    return 'leftAlone';
  }
  return open(await newSession(selection, imageSource, digest, deps), deps);
}

async function open(session: NewExportSession, deps: IntakeDeps): Promise<Taken | null> {
  const sessionId = await deps.store.open(session);
  if (sessionId === null) return null;
  deps.log.info('export session opened', { session: sessionId, imageSource: session.imageSource });
  return 'opened';
}

async function newSession(
  selection: ExportSelection,
  imageSource: string,
  contentDigest: string,
  deps: IntakeDeps,
): Promise<NewExportSession> {
  const choice = chooseProject(deps.projectRules, imageSource, selection.documentTitle, selection.description);
  const project = choice.project === null ? null : await deps.project(choice.project);
  const base = {
    imageSource,
    project: project === null ? null : receivingProject(project, deps.projectRules),
    documentTitle: asWorded(selection.documentTitle),
    disposition: choice.project === null ? null : choice.disposition,
    delayReasons: selection.delayReasons.map(reasonAsWorded),
    selection,
    contentDigest,
    error: choice.project === null ? choice.error : null,
  };
  const before = await deps.store.ofPatient(
    selection.source.PatientID,
    selection.delayReasons.length > 0 ? TAKEN_UP : ['delayed', 'received'],
  );
  if (selection.delayReasons.length > 0) {
    // The documents may be met in another order than they were made in.
    const later = before.find((one) => takesPlaceOf(one.selection, selection) && isOlder(selection, one.selection));
    if (later !== undefined) {
      return { ...base, state: 'superseded', supersededBy: later.session.id, error: null };
    }
    return { ...base, state: choice.project === null ? 'received' : 'delayed' };
  }
  const supersedes = before.filter((one) => takesPlaceOf(selection, one.selection)).map(({ session }) => session.id);
  return { ...base, state: choice.project === null ? 'received' : 'planning', supersedes };
}

/** States of a selection that goes on, or has gone. */
const TAKEN_UP = [
  'received',
  'waiting',
  'planning',
  'review',
  'queued',
  'exporting',
  'completed',
  'quarantined',
] as const;

const REJECTABLE = SESSION_STATES.filter((state) => mayMove(state, 'rejected'));

interface CopyMet {
  readonly imageSource: string;
  readonly digest: string;
  readonly sessionId: string;
  readonly sameContent: boolean | null;
}

/** A further document of a selection that has its session (PS3.3 C.17.6.2.1): it has to ask for the same. */
async function meetCopy(copy: ExportSelection, met: CopyMet, deps: IntakeDeps): Promise<void> {
  const loaded = await deps.store.load(met.sessionId);
  if (loaded === null) return;
  const { selection } = loaded;
  const samePatient = isOfSamePatient(selection.source, copy.source);
  if (samePatient && contentDigest(selection) === met.digest) {
    await deps.store.meetCopy(met.sessionId, met.imageSource, copy, met.digest);
    deps.log.info('copy of a selection met', { session: met.sessionId, imageSource: met.imageSource });
    return;
  }
  // One of a set that is being replaced, and not replaced itself yet.
  if (met.sameContent === true) return;
  await deps.store.rejectSelection(
    met.sessionId,
    REJECTABLE,
    samePatient
      ? {
          code: 'COPIES_DIFFER',
          message: 'the documents of the selection name each other as copies and do not ask for the same',
          remedy: 'Store the selection anew, with the same content in each study.',
          retryable: false,
        }
      : {
          code: 'MORE_THAN_ONE_PATIENT',
          message: 'the documents of the selection belong to more than one patient',
          remedy: 'Make one selection for each patient.',
          retryable: false,
        },
  );
  deps.log.warn('copies of a selection differ', { session: met.sessionId, imageSource: met.imageSource });
  await deps.store.meetCopy(met.sessionId, met.imageSource, copy, met.digest);
}

/**
 * The document says something else than when it was read. What has not begun to leave gives way to the new content;
 * what was exported already is never exported anew without a person's word.
 */
async function replaceSession(
  selection: ExportSelection,
  imageSource: string,
  digest: string,
  sessionId: string,
  deps: IntakeDeps,
): Promise<Taken | null> {
  const loaded = await deps.store.load(sessionId);
  // It will be looked at again when that has ended.
  if (loaded === null || loaded.session.state === 'exporting') return 'leftAlone';
  const { state } = loaded.session;
  const fresh = { ...(await newSession(selection, imageSource, digest, deps)), replaces: sessionId };
  const ended = state === 'completed' || state === 'cancelled' || state === 'superseded';
  deps.log.warn('key object was replaced in the image source', { session: sessionId, imageSource, state });
  if (!ended) return open(fresh, deps);
  const { supersededBy: _supersededBy, ...asked } = fresh;
  return open(
    {
      ...asked,
      project: null,
      disposition: null,
      state: 'received',
      supersedes: [],
      error: {
        code: 'KEY_OBJECT_REPLACED',
        message: `the document was replaced in the image source after its session was ${state}`,
        remedy: 'Assign it to a project to export what it asks for now, or cancel it.',
        retryable: false,
      },
    },
    deps,
  );
}

/** The project with the Receivers that the configuration gives it. */
export function receivingProject(
  project: Pick<Project, 'id' | 'name' | 'receiver'>,
  rules: readonly ProjectRule[],
): ReceivingProject {
  const [receiver, ...alsoTo] = rules.find(({ name }) => name === project.name)?.receivers ?? [project.receiver];
  return { id: project.id, receiver: receiver ?? project.receiver, ...(alsoTo.length === 0 ? {} : { alsoTo }) };
}

/**
 * A document that asks for an export and cannot be understood becomes a session that says why: whoever flagged the
 * images waits for them. One whose title cannot be told is remembered and left alone.
 */
async function refuse(origin: KeyObjectOrigin, keyObject: DataSet, fault: Fault, deps: IntakeDeps): Promise<Taken> {
  const { imageSource, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = origin;
  const documentTitle = titleOf(keyObject);
  if (documentTitle === undefined || !isOrder(deps.projectRules, imageSource, documentTitle)) {
    await deps.store.markSeen(imageSource, SOPInstanceUID, 'unreadable');
    return 'unreadable';
  }
  await deps.store.open({
    imageSource,
    project: null,
    documentTitle: asWorded(documentTitle),
    disposition: null,
    delayReasons: [],
    selection: {
      documentTitle,
      purpose: exportPurposeOf(documentTitle),
      description: null,
      delayReasons: [],
      modifiers: [],
      language: null,
      references: [],
      identicalDocuments: [],
      warnings: [],
      source: { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID, PatientID: '', IssuerOfPatientID: '' },
    },
    state: 'failed',
    error: {
      code: fault.code,
      message: fault.message,
      remedy: 'The document itself has to be made anew by the Export Selector; cancel this session.',
      retryable: false,
    },
  });
  return 'unreadable';
}

function titleOf(keyObject: DataSet): CodedConcept | undefined {
  try {
    return readDocumentTitle(keyObject);
  } catch {
    return undefined;
  }
}

/** In the words of the standard: the meaning that came is free text, and shown and stored in the clear it could be a name. */
function asWorded(documentTitle: CodedConcept): CodedConcept {
  return knownDocumentTitle(documentTitle) ?? { ...documentTitle, CodeMeaning: '' };
}

function reasonAsWorded(value: CodedConcept): CodedConcept {
  const known = delayReasonOf(value);
  if (known === null) return { ...value, CodeMeaning: 'Delay export (for a reason of no known code)' };
  return value.CodingSchemeDesignator === 'DCM' ? known.DCM : known.IHERADTF;
}

/** A Key Object is a header without bulk data: it is read whole. */
async function retrieveKeyObject(source: ImageSource, match: InstanceMatch, signal: AbortSignal): Promise<DataSet> {
  const resource = {
    study: match.StudyInstanceUID,
    series: match.SeriesInstanceUID,
    instance: match.SOPInstanceUID,
  };
  let header: DataSet | undefined;
  for await (const retrieved of source.retrieve(resource, signal)) {
    const incoming = await readPart10(retrieved.bytes);
    for await (const _part of incoming.rest) {
      // drained, so that a body cut short is noticed
    }
    header ??= incoming.header;
  }
  if (header !== undefined) return header;
  throw new Fault('INSTANCE_NOT_FOUND', 'could-not', 'the image source named a key object and sent none');
}
