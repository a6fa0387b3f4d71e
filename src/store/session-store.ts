import type { AuditActor } from '../audit/audit-event';
import type { ReviewDesk } from '../session/review-port';
import type { SessionStore } from '../session/store-port';
import type { AttributeChanges } from './attribute-changes';
import type { InformationDrafts } from './information-drafts';
import type { KeyObjects } from './key-objects';
import type { RejectedInstances } from './rejected-instances';
import type { ReviewDecisions } from './review-decisions';
import type { SessionFindings } from './session-findings';
import type { SessionInstances } from './session-instances';
import type { SessionTrials } from './session-trials';
import type { Sessions } from './sessions';
import type { Subjects } from './subjects';
import type { UIDMappings } from './uid-mappings';

export interface Repositories {
  readonly sessions: Sessions;
  readonly instances: SessionInstances;
  readonly keyObjects: KeyObjects;
  readonly rejected: RejectedInstances;
  readonly changes: AttributeChanges;
  readonly subjects: Subjects;
  readonly trials: SessionTrials;
  readonly uids: UIDMappings;
  readonly information: InformationDrafts;
  readonly findings: SessionFindings;
  readonly decisions: ReviewDecisions;
}

/** The flow's port, each method answered by the repository that owns the table. `by`: who moves, where it is not the flow. */
export function sessionStoreOf(repositories: Repositories, by?: AuditActor): SessionStore {
  const { sessions, instances, keyObjects, rejected, changes, subjects, trials, uids, findings, decisions } =
    repositories;
  return {
    unseen: (imageSource, SOPInstanceUIDs) => keyObjects.unseen(imageSource, SOPInstanceUIDs),
    markSeen: (imageSource, SOPInstanceUID, verdict) => keyObjects.markSeen(imageSource, SOPInstanceUID, verdict),
    dueAgain: (imageSource, SOPInstanceUIDs, olderThanMs, limit) =>
      keyObjects.dueAgain(imageSource, SOPInstanceUIDs, olderThanMs, limit),
    met: (imageSource, SOPInstanceUID, contentDigest) => keyObjects.met(imageSource, SOPInstanceUID, contentDigest),
    noteRejection: (SOPInstanceUID, title, SOPInstanceUIDs) => rejected.note(SOPInstanceUID, title, SOPInstanceUIDs),
    rejections: (SOPInstanceUIDs) => rejected.among(SOPInstanceUIDs),
    ofPatient: (PatientID, states) => sessions.ofPatient(PatientID, states),
    meetCopy: (sessionId, imageSource, copy, contentDigest) =>
      sessions.meetCopy(sessionId, imageSource, copy, contentDigest),
    awaitedCopies: (sessionId) => sessions.awaitedCopies(sessionId),
    withdraw: (sessionId) => sessions.withdraw(sessionId),
    rejectSelection: (sessionId, from, error) => sessions.rejectSelection(sessionId, from, error),
    release: (sessionId, change) => sessions.release(sessionId, change, by),
    remindOfDelayed: (afterMs) => sessions.remindOfDelayed(afterMs),
    delayedToLookAt: (projects, everyMs, limit) => sessions.delayedToLookAt(projects, everyMs, limit),
    open: (session) => sessions.open(session),
    load: (sessionId) => sessions.load(sessionId),
    instances: (sessionId) => instances.of(sessionId),
    move: (sessionId, change) => sessions.move(sessionId, change, by),
    assign: (sessionId, change) => sessions.assign(sessionId, change, by),
    stateOf: (sessionId) => sessions.stateOf(sessionId),
    recordPlanned: (sessionId, planned) => instances.recordPlanned(sessionId, planned),
    recordChanges: (sessionId, list) => changes.replace(sessionId, list),
    recordDelivered: (sessionId, delivered) => instances.recordDelivered(sessionId, delivered),
    recordRefused: (sessionId, refused) => instances.recordRefused(sessionId, refused),
    recordLost: (sessionId, ordinals) => instances.recordLost(sessionId, ordinals),
    recordUIDs: (projectId, pairs, subject) => uids.record(projectId, pairs, subject),
    subjectCode: (projectId, patient) => subjects.codeOf(projectId, patient),
    subject: (projectId, patient, rule) => subjects.find(projectId, patient, rule),
    timePoints: (projectId, code, studies, propose, take) => trials.timePoints(projectId, code, studies, propose, take),
    keepTrial: (sessionId, projectId, patient, trial) => trials.keep(sessionId, projectId, patient, trial),
    trial: (sessionId) => trials.of(sessionId),
    decisions: (projectId) => decisions.standing(projectId),
    keepPlanContext: (sessionId, projectId, context) => findings.keepPlanContext(sessionId, projectId, context),
    planContext: (sessionId, projectId) => findings.planContext(sessionId, projectId),
    writtenInformation: (sessionId) => repositories.information.of(sessionId),
    writeInformation: (sessionId, written, author) => repositories.information.write(sessionId, written, author),
    addInstances: (sessionId, added) => instances.replaceAdded(sessionId, added),
    recordFindings: (sessionId, projectId, found, decided) => findings.record(sessionId, projectId, found, decided),
    findingCounts: (sessionId) => findings.counts(sessionId),
    resend: (sessionId, change) => sessions.resend(sessionId, change, by),
    complete: (sessionId, receipt) => sessions.complete(sessionId, receipt),
  };
}

/**
 * What reviewers see and decide, each method answered by the repository that owns the table. `actor`: who is told to the
 * audit trail; left out: a person of the name given with the deed.
 */
export function reviewDeskOf(
  { findings, decisions }: Pick<Repositories, 'findings' | 'decisions'>,
  actor?: AuditActor,
): ReviewDesk {
  const person = (name: string): AuditActor => actor ?? { kind: 'person', name };
  return {
    findings: (sessionId) => findings.of(sessionId),
    openFindings: (sessionId) => findings.opened(sessionId),
    planContext: (sessionId, projectId) => findings.planContext(sessionId, projectId),
    decide: (sessionId, findingId, decision, by) => findings.decide(sessionId, findingId, decision, person(by)),
    approve: (sessionId, by) => findings.approve(sessionId, person(by)),
    decisionsOf: (project) => decisions.of(project),
    revoke: (project, decisionId, by) => decisions.revoke(project, decisionId, person(by)),
  };
}
