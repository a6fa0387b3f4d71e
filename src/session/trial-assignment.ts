import { shiftedDate } from '../deidentification/dates';
import type { Pseudonyms } from '../deidentification/deidentifier';
import { readPart10 } from '../dicom/part10/read';
import { TAGS } from '../dicom/tags';
import type { SessionError } from './export-session';
import { type FlowDeps, type ProjectPolicy, type PseudonymKey, pseudonymsFor } from './flow-deps';
import type { ImageSource } from './ports';
import { groupBy } from './retrieval';
import type { Project, SelectedInstance, SourcePatient } from './store-port';
import { timePointsByOrder } from './time-points';
import type { SessionTrial, StudyTimePoint, SubjectRule, TimePointRule } from './trial-port';

/** Stands where the subject is not known yet; a session planned with it goes to a person, never to a Receiver. */
const NOBODY = 'PENDING';
const AUTOMATIC: SubjectRule = { list: [], assign: 'automatic' };

type SessionPseudonyms = Pseudonyms & { readonly dateOffsetDays: number };

/** Who the patient of a session is in its project, and at which time points its studies are. */
export class TrialAssignment {
  private constructor(
    /** The code; null where there is none yet. */
    readonly subject: string | null,
    readonly patient: SourcePatient,
    readonly trial: SessionTrial,
    /** What a person has to say first; null where nothing is missing. */
    readonly waits: SessionError | null,
    private readonly common: SessionPseudonyms,
    private readonly uid: (source: string) => string,
  ) {}

  /** `studyDates`: by Study Instance UID of the source; DA, empty where not known. Asked for where there are time points. */
  static async of(
    patient: SourcePatient,
    studyDates: ReadonlyMap<string, string>,
    parts: {
      readonly project: Project;
      readonly policy: ProjectPolicy;
      readonly key: PseudonymKey;
      readonly uid: (source: string) => string;
      readonly store: FlowDeps['store'];
    },
  ): Promise<TrialAssignment> {
    const { project, policy, key, uid, store } = parts;
    const found = await store.subject(project.id, patient, policy.subjects ?? AUTOMATIC);
    const subjectID = found.code === null ? null : found.subjectID;
    const common = pseudonymsFor(found.code ?? NOBODY, policy, key, uid, subjectID ?? NOBODY);
    if (found.code === null) {
      const trial = { subjectID: null, timePoints: [] };
      return new TrialAssignment(null, patient, trial, NO_SUBJECT[found.missing], common, uid);
    }
    const timePoints = await timePointsOf(found.code, studyDates, policy.timePoints, common, parts);
    const open = timePoints.filter(({ timePoint }) => timePoint === null).length;
    return new TrialAssignment(
      found.code,
      patient,
      { subjectID, timePoints },
      open === 0 ? null : noTimePoint(open),
      common,
      uid,
    );
  }

  pseudonyms(StudyInstanceUID: string): SessionPseudonyms {
    return atTimePoint(this.common, this.trial, this.uid(StudyInstanceUID));
  }
}

/** `study`: the new Study Instance UID. */
export function atTimePoint(
  common: SessionPseudonyms,
  trial: Pick<SessionTrial, 'timePoints'> | null,
  study: string,
): SessionPseudonyms {
  const timePoint = trial?.timePoints.find((each) => each.study === study)?.timePoint;
  return timePoint === undefined || timePoint === null ? common : { ...common, ClinicalTrialTimePointID: timePoint };
}

async function timePointsOf(
  code: string,
  studyDates: ReadonlyMap<string, string>,
  rule: TimePointRule | undefined,
  { dateOffsetDays }: SessionPseudonyms,
  { project, uid, store }: { project: Project; uid: (source: string) => string; store: FlowDeps['store'] },
): Promise<readonly StudyTimePoint[]> {
  if (rule === undefined) return [];
  const studies = [...studyDates].map(([StudyInstanceUID, date]) => ({
    study: uid(StudyInstanceUID),
    date: shiftedDate(date, dateOffsetDays) ?? '',
  }));
  const propose = (all: Parameters<typeof timePointsByOrder>[1]) => timePointsByOrder(rule.list, all);
  return store.timePoints(project.id, code, studies, propose, rule.assign === 'by-order');
}

/** Of each study the date that its first instance has, from the header alone. */
export async function studyDatesOf(
  instances: readonly SelectedInstance[],
  source: ImageSource,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const dates = new Map<string, string>();
  for (const [study, [first]] of groupBy(instances, (instance) => instance.StudyInstanceUID)) {
    if (first !== undefined) dates.set(study, await studyDateOf(first, source, signal));
  }
  return dates;
}

async function studyDateOf(instance: SelectedInstance, source: ImageSource, signal: AbortSignal): Promise<string> {
  const resource = {
    study: instance.StudyInstanceUID,
    series: instance.SeriesInstanceUID,
    instance: instance.SOPInstanceUID,
  };
  try {
    for await (const { bytes } of source.retrieve(resource, signal)) {
      const { header } = await readPart10(bytes, {});
      return header.string(TAGS.StudyDate)?.trim() ?? '';
    }
  } catch (error) {
    // The plan meets it again, and says of the instance what is wrong with it.
    if (signal.aborted) throw error;
  }
  return '';
}

const NO_SUBJECT: Readonly<Record<'SUBJECT_MISSING' | 'SUBJECTS_EXHAUSTED', SessionError>> = {
  SUBJECT_MISSING: {
    code: 'SUBJECT_MISSING',
    message: 'the patient has no subject ID in this project yet',
    remedy: 'Give one on the page of the session, by the API or by an imported list; the session then goes on.',
    retryable: false,
  },
  SUBJECTS_EXHAUSTED: {
    code: 'SUBJECTS_EXHAUSTED',
    message: 'the project has no free subject ID left',
    remedy: 'Add to subjects.list and restart, or give the patient a subject ID; approving looks again.',
    retryable: false,
  },
};

function noTimePoint(count: number): SessionError {
  return {
    code: 'TIME_POINT_MISSING',
    message: `${count} of the studies have no time point yet`,
    remedy: 'Give them on the page of the session or by the API; the session then goes on.',
    retryable: false,
  };
}
