import { Fault } from '../base/errors';
import { faultFields, type Log } from '../base/log';
import type { CodedConcept } from '../dicom/coded-concept';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';
import { delayReasonOf } from '../selection/delay-reasons';
import { exportPurposeOf, knownDocumentTitle } from '../selection/document-titles';
import { type ExportSelection, readDocumentTitle, readExportSelection } from '../selection/export-selection';
import { isSharingManifest } from '../selection/sharing-manifest';
import { datesOf, isOlderThan } from './lookback';
import type { ImageSource, InstanceMatch } from './ports';
import { chooseProject, isOrder, type ProjectRule } from './selection-policy';
import type { Project, SessionStore } from './store-port';

/** Key Objects asked about at a time. */
const BATCH = 500;
/** Faults that are the peer's and not one document's. */
const PEER_IS_DOWN: ReadonlySet<string> = new Set(['PEER_UNREACHABLE', 'PEER_TIMEOUT', 'PEER_REFUSED_CREDENTIALS']);
/** Documents in a row; more than that, and it is the peer after all. */
const MOST_FAILURES = 10;

export interface IntakeDeps {
  readonly store: Pick<SessionStore, 'unseen' | 'markSeen' | 'open'>;
  readonly projectRules: readonly ProjectRule[];
  project(name: string): Promise<Pick<Project, 'id' | 'receiver'>>;
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
  const flush = async (): Promise<void> => {
    const unseen = await deps.store.unseen(source.name, [...batch.keys()]);
    for (const uid of unseen) {
      const match = batch.get(uid);
      if (match === undefined) continue;
      try {
        count[await takeIn(source, match, lookback, deps, signal)] += 1;
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

async function takeIn(
  source: ImageSource,
  match: InstanceMatch,
  lookback: number | undefined,
  deps: IntakeDeps,
  signal: AbortSignal,
): Promise<Taken> {
  let keyObject: DataSet;
  try {
    keyObject = await retrieveKeyObject(source, match, signal);
  } catch (error) {
    // A peer that is down says nothing about the document: the next poll asks again.
    if (!(error instanceof Fault) || error.retryable) throw error;
    deps.log.warn('key object cannot be read', { imageSource: source.name, ...faultFields(error) });
    await deps.store.markSeen(source.name, match.SOPInstanceUID, 'unreadable');
    return 'unreadable';
  }
  return takeKeyObject(keyObject, { ...match, imageSource: source.name }, lookback, deps);
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
 * Met before: `leftAlone`.
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
  if (!isOrder(deps.projectRules, imageSource, selection.documentTitle) || isSharingManifest(keyObject)) {
    await deps.store.markSeen(imageSource, origin.SOPInstanceUID, 'left-alone');
    return 'leftAlone';
  }
  if (lookback !== undefined && isOlderThan(datesOf(keyObject), deps.now(), lookback)) {
    deps.log.info('selection is older than the lookback and left alone', { imageSource });
    await deps.store.markSeen(imageSource, origin.SOPInstanceUID, 'too-old');
    return 'leftAlone';
  }
  const choice = chooseProject(deps.projectRules, imageSource, selection.documentTitle, selection.description);
  const project = choice.project === null ? null : await deps.project(choice.project);
  const delayed = selection.delayReasons.length > 0;
  const sessionId = await deps.store.open({
    imageSource,
    project: project === null ? null : { id: project.id, receiver: project.receiver },
    documentTitle: asWorded(selection.documentTitle),
    disposition: choice.project === null ? null : choice.disposition,
    delayReasons: selection.delayReasons.map(reasonAsWorded),
    selection,
    state: choice.project === null ? 'received' : delayed ? 'delayed' : 'planning',
    error: choice.project === null ? choice.error : null,
  });
  if (sessionId === null) return 'leftAlone';
  deps.log.info('export session opened', { session: sessionId, imageSource });
  return 'opened';
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
  if (known === null) return { ...value, CodeMeaning: '' };
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
