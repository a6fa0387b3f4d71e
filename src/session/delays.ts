import { Fault } from '../base/errors';
import { faultFields, type Log } from '../base/log';
import { readCodedConcept } from '../dicom/coded-concept';
import type { DataSet } from '../dicom/data-set';
import { readPart10 } from '../dicom/part10/read';
import { delayReasonOf } from '../selection/delay-reasons';
import type { ImageSource } from './ports';
import type { SessionStore } from './store-port';

const ConceptNameCodeSequence = 0x0040a043;
const SOPClassUID = 0x00080016;
const DocumentTitle = 0x00420010;
const CompletionFlag = 0x0040a491;
const VerificationFlag = 0x0040a493;
const PreliminaryFlag = 0x0040a496;

/** PDF and CDA. */
const ENCAPSULATED: ReadonlySet<string> = new Set(['1.2.840.10008.5.1.4.1.1.104.1', '1.2.840.10008.5.1.4.1.1.104.2']);
/** Basic Text, Enhanced, Comprehensive, Comprehensive 3D and Extensible SR; encapsulated documents. */
const REPORTS: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.88.11',
  '1.2.840.10008.5.1.4.1.1.88.22',
  '1.2.840.10008.5.1.4.1.1.88.33',
  '1.2.840.10008.5.1.4.1.1.88.34',
  '1.2.840.10008.5.1.4.1.1.88.35',
  ...ENCAPSULATED,
]);
/** How the titles of reports are worded, where nothing is said of a verification. */
const TITLED_AS_REPORT =
  /\b(report|rapport|compte[- ]rendu|befund|befundbericht|arztbericht|radiologiebericht|informe|referto|relat[oó]rio|laudo)\b/i;
/** Verified or not, these are no reports: Additional Teaching File Information, Imaging Measurement Report. */
const NO_REPORT: ReadonlySet<string> = new Set(['IHERADTF|TCE006', 'DCM|128712', 'DCM|126000']);

const SESSIONS_AT_ONCE = 10;
const REPORTS_OF_STUDY = 20;

export interface DelaySettings {
  /** Milliseconds after which somebody is reminded, again and again. */
  readonly remindAfter: number;
  /** Milliseconds from one look for what a delay waits for to the next. */
  readonly lookEvery: number;
  /** Projects whose delays end when the final report is there. */
  readonly releasedByReport: readonly string[];
}

export interface DelayDeps {
  readonly store: Pick<SessionStore, 'remindOfDelayed' | 'delayedToLookAt' | 'load' | 'release'>;
  imageSource(name: string): ImageSource | undefined;
  readonly log: Log;
}

/** Looks after the delayed sessions: safe to run at any time, from any number of processes. */
export async function watchDelays(settings: DelaySettings, deps: DelayDeps, signal: AbortSignal): Promise<void> {
  for (const session of await deps.store.remindOfDelayed(settings.remindAfter)) {
    deps.log.warn('a selection has been delayed for long', { session });
  }
  if (settings.releasedByReport.length === 0) return;
  for (const session of await deps.store.delayedToLookAt(
    settings.releasedByReport,
    settings.lookEvery,
    SESSIONS_AT_ONCE,
  )) {
    try {
      await releaseIfReported(session, deps, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof Fault)) throw error;
      deps.log.warn('the image source could not be asked for a final report', { session, ...faultFields(error) });
    }
  }
}

/** Ends a delay that waits for the final report and for nothing else, once each study of the selection has one. */
async function releaseIfReported(sessionId: string, deps: DelayDeps, signal: AbortSignal): Promise<void> {
  const loaded = await deps.store.load(sessionId);
  if (loaded === null || loaded.session.state !== 'delayed') return;
  const { selection, session } = loaded;
  if (selection.delayReasons.some((reason) => delayReasonOf(reason)?.awaits !== 'final-report')) return;
  const source = deps.imageSource(session.imageSource);
  if (source === undefined) return;
  for (const study of new Set(selection.references.map((reference) => reference.StudyInstanceUID))) {
    if (!(await hasFinalReport(study, source, signal))) return;
  }
  await deps.store.release(sessionId, { from: 'delayed', event: 'released: the final report is there' });
  deps.log.info('delay ended by the final report', { session: sessionId });
}

async function hasFinalReport(study: string, source: ImageSource, signal: AbortSignal): Promise<boolean> {
  const reports = (await source.findInstances(study, null, signal)).filter(({ SOPClassUID }) =>
    REPORTS.has(SOPClassUID ?? ''),
  );
  for (const report of reports.slice(-REPORTS_OF_STUDY)) {
    const resource = { study, series: report.SeriesInstanceUID, instance: report.SOPInstanceUID };
    for await (const retrieved of source.retrieve(resource, signal)) {
      const incoming = await readPart10(retrieved.bytes);
      for await (const _part of incoming.rest) {
        // drained: the next instance comes behind it
      }
      if (isFinalReport(incoming.header)) return true;
    }
  }
  return false;
}

/**
 * Verified, complete and not preliminary (PS3.3 C.17.2, C.24.2). An encapsulated document need not say whether it is
 * verified: it counts where its title calls it a report. Any other may be a letter or a request.
 */
export function isFinalReport(header: DataSet): boolean {
  const verified = header.string(VerificationFlag);
  if (verified !== 'VERIFIED' && !(verified === undefined && isTitledAsReport(header))) return false;
  if (header.string(CompletionFlag) === 'PARTIAL' || header.string(PreliminaryFlag) === 'PRELIMINARY') return false;
  const name = header.items(ConceptNameCodeSequence)[0];
  const title = name === undefined ? undefined : readCodedConcept(name);
  return title === undefined || !NO_REPORT.has(`${title.CodingSchemeDesignator}|${title.CodeValue}`);
}

function isTitledAsReport(header: DataSet): boolean {
  if (!ENCAPSULATED.has(header.string(SOPClassUID) ?? '')) return false;
  const name = header.items(ConceptNameCodeSequence)[0];
  const titles = [header.string(DocumentTitle), name === undefined ? undefined : readCodedConcept(name)?.CodeMeaning];
  return titles.some((title) => title !== undefined && TITLED_AS_REPORT.test(title));
}
