import { Fault } from '../base/errors';
import { faultFields, type Log } from '../base/log';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';
import { type ExportSelection, readExportSelection } from '../selection/export-selection';
import { datesOf, isOlderThan } from './lookback';
import type { ImageSource, InstanceMatch } from './ports';
import { chooseProject, type ProjectRule } from './selection-policy';
import type { Project, SessionStore } from './store-port';

/** Key Objects asked about at a time. */
const BATCH = 500;

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
  const batch = new Map<string, InstanceMatch>();
  const flush = async (): Promise<void> => {
    const unseen = await deps.store.unseen(source.name, [...batch.keys()]);
    for (const uid of unseen) {
      const match = batch.get(uid);
      if (match !== undefined) count[await takeIn(source, match, lookback, deps, signal)] += 1;
    }
    batch.clear();
  };
  for await (const match of source.findKeyObjects(signal)) {
    count.found += 1;
    batch.set(match.SOPInstanceUID, match);
    if (batch.size >= BATCH) await flush();
  }
  await flush();
  return count;
}

type Taken = 'opened' | 'leftAlone' | 'unreadable';

async function takeIn(
  source: ImageSource,
  match: InstanceMatch,
  lookback: number | undefined,
  deps: IntakeDeps,
  signal: AbortSignal,
): Promise<Taken> {
  let keyObject: DataSet;
  let selection: ExportSelection;
  try {
    keyObject = await retrieveKeyObject(source, match, signal);
    selection = readExportSelection(keyObject);
  } catch (error) {
    // A peer that is down says nothing about the document: the next poll asks again.
    if (!(error instanceof Fault) || error.retryable) throw error;
    deps.log.warn('key object cannot be read as a selection', { imageSource: source.name, ...faultFields(error) });
    await deps.store.markSeen(source.name, match.SOPInstanceUID, 'unreadable');
    return 'unreadable';
  }
  if (selection.purpose === null) {
    await deps.store.markSeen(source.name, match.SOPInstanceUID, 'left-alone');
    return 'leftAlone';
  }
  if (lookback !== undefined && isOlderThan(datesOf(keyObject), deps.now(), lookback)) {
    deps.log.info('selection is older than the lookback and left alone', { imageSource: source.name });
    await deps.store.markSeen(source.name, match.SOPInstanceUID, 'too-old');
    return 'leftAlone';
  }
  const choice = chooseProject(deps.projectRules, source.name, selection.purpose, selection.description);
  const project = choice.project === null ? null : await deps.project(choice.project);
  const delayed = selection.delayReasons.length > 0;
  const sessionId = await deps.store.open({
    imageSource: source.name,
    project: project === null ? null : { id: project.id, receiver: project.receiver },
    documentTitle: selection.documentTitle,
    disposition: choice.project === null ? null : choice.disposition,
    delayReasons: selection.delayReasons,
    selection,
    state: choice.project === null ? 'received' : delayed ? 'delayed' : 'planning',
    error: choice.project === null ? choice.error : null,
  });
  if (sessionId === null) return 'leftAlone';
  deps.log.info('export session opened', { session: sessionId, imageSource: source.name });
  return 'opened';
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
