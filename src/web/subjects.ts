import type { AuditActor } from '../audit/audit-event';
import type { Page } from '../session/store-port';
import type {
  GivenSubject,
  ImportMistake,
  ImportResult,
  ImportRow,
  SessionTrial,
  SubjectDeedResult,
  SubjectLine,
  SubjectOf,
  SubjectRefusal,
} from '../session/trial-port';
import { Problem } from './problem';

/** The subjects of projects, as the pages and the API ask for them. */
export interface SubjectsDesk {
  /** The time points that the project of this name knows; empty where any will do. */
  timePointsOf(project: string): readonly string[];
  list(project: string, page: { readonly limit: number; readonly cursor?: string }): Promise<Page<SubjectLine> | null>;
  ofSession(sessionId: string): Promise<SessionTrial | null>;
  give(project: string, of: SubjectOf, given: GivenSubject, by: AuditActor): Promise<SubjectDeedResult>;
  replace(project: string, subjectID: string, become: string, by: AuditActor): Promise<SubjectDeedResult>;
  merge(project: string, keep: string, merged: string, by: AuditActor): Promise<SubjectDeedResult>;
  giveTimePoint(sessionId: string, study: string, timePoint: string, by: AuditActor): Promise<SubjectDeedResult>;
  import(
    project: string,
    list: AsyncIterable<ImportRow | ImportMistake>,
    trialRun: boolean,
    by: AuditActor,
  ): Promise<ImportResult | null>;
}

const REFUSALS: Readonly<Record<SubjectRefusal, readonly [status: number, message: string, remedy?: string]>> = {
  UNKNOWN_PROJECT: [404, 'There is no project of this name.'],
  UNKNOWN_SESSION: [404, 'The project has no session with this id.'],
  UNKNOWN_SUBJECT: [404, 'The project has no subject with this subject ID.'],
  UNKNOWN_STUDY: [404, 'The session has no study with this Study Instance UID that a time point can be given to.'],
  NO_PATIENT_KNOWN: [409, 'The session was not planned yet: its patient is not known.', 'Try again once it is.'],
  SUBJECT_ID_TAKEN: [409, 'The subject ID belongs to another subject of the project, or did once.'],
  SUBJECT_ALREADY_ASSIGNED: [
    409,
    'The patient has a subject ID in this project already.',
    'Replace it, where it should become another.',
  ],
};

/** Ends the request with what kept the deed from being done; answers the sessions that go on. */
export function requireGiven({ refused, sessions }: SubjectDeedResult): readonly string[] {
  if (refused === null) return sessions;
  const [status, message, remedy] = REFUSALS[refused];
  throw new Problem(status, refused, message, remedy);
}

const LONGEST_LO = 64;
// PS3.5 6.2, LO: neither backslash nor control characters.
const NOT_IN_LO = /[\\\u0000-\u001f\u007f-\u009f]/;

/** A text of at most 64 characters; undefined where it may be left out and is. */
export function loOf(name: string, value: unknown, needed: false): string | undefined;
export function loOf(name: string, value: unknown, needed?: true): string;
export function loOf(name: string, value: unknown, needed = true): string | undefined {
  if (!needed && (value === undefined || value === null || value === '')) return undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  const bad = (what: string) => new Problem(400, 'BAD_VALUE', `"${name}" ${what}.`);
  if (text === '') throw bad('is missing');
  if ([...text].length > LONGEST_LO) throw bad(`is longer than ${LONGEST_LO} characters`);
  if (NOT_IN_LO.test(text)) throw bad('holds a backslash or a control character');
  return text;
}
