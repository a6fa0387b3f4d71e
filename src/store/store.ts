import type { AuditActor } from '../audit/audit-event';
import type { Log } from '../base/log';
import type { PseudonymRegister, ReidentificationRequests } from '../register/reidentification';
import type { SubjectCodes } from '../register/subject-codes';
import type { MasterKeySource } from '../security/key-ring';
import type { SignInRecords } from '../security/sign-in';
import type { ReviewDesk } from '../session/review-port';
import type { ReadModels, SessionStore } from '../session/store-port';
import { StoredAccounts } from './accounts';
import { AttributeChanges } from './attribute-changes';
import { AuditEvents } from './audit-events';
import { type AuditOptions, type AuditTrail, auditTrailOf, UNNAMED_AUDIT } from './audit-trail';
import type { Database } from './database';
import { EventNotes } from './event-notes';
import { ImageSourcePolls } from './image-source-polls';
import { InformationDrafts } from './information-drafts';
import { masterKeyFor, openInstallation } from './installation';
import { JobQueue } from './job-queue';
import { KeyDestruction } from './key-destruction';
import { KeyObjects } from './key-objects';
import { migrate } from './migrations';
import { Projects } from './projects';
import { StoredPseudonymRegister } from './pseudonym-register';
import { readModelsOf } from './read/read-models';
import { ReceivedFiles } from './received-files';
import { ReceivedInstances } from './received-instances';
import { StoredReidentificationRequests } from './reidentification-requests';
import { RejectedInstances } from './rejected-instances';
import { Retention } from './retention';
import { ReviewDecisions } from './review-decisions';
import { SessionAudit } from './session-audit';
import { SessionFindings } from './session-findings';
import { SessionInstances } from './session-instances';
import { reviewDeskOf, sessionStoreOf } from './session-store';
import { SessionTrials } from './session-trials';
import { Sessions } from './sessions';
import { StoredSignIns } from './sign-in-records';
import { SourceErasure } from './source-erasure';
import { SubjectDesk } from './subject-desk';
import { Subjects } from './subjects';
import { UIDMappings } from './uid-mappings';
import { WorkerPresence } from './worker-presence';

export interface StoreOptions {
  readonly database: Database;
  readonly masterKeyFile: MasterKeySource;
  readonly subjectCodes: SubjectCodes;
  /** The schema of the job queue, made under the same lock as ours. */
  readonly migrateJobs: (connectionString: string) => Promise<void>;
  readonly audit?: AuditOptions;
  readonly log: Log;
}

export interface Store {
  readonly sessions: SessionStore;
  /** The same for the deeds of somebody: the audit trail names them. */
  sessionsAs(actor: AuditActor): SessionStore;
  readonly reads: ReadModels;
  readonly review: ReviewDesk;
  /** The same for the deeds of somebody, a token perhaps. */
  reviewAs(actor: AuditActor): ReviewDesk;
  readonly projects: Projects;
  readonly subjects: SubjectDesk;
  readonly keys: KeyDestruction;
  readonly retention: Retention;
  readonly signIns: SignInRecords;
  readonly accounts: StoredAccounts;
  readonly register: PseudonymRegister;
  readonly reidentifications: ReidentificationRequests;
  readonly audit: AuditTrail;
  readonly polls: ImageSourcePolls;
  readonly queue: JobQueue;
  /** Instances stored here, their files below `directory`; `keepUnclaimed` in milliseconds. */
  received(options: { readonly directory: string; readonly keepUnclaimed: number }): ReceivedInstances;
  /** One for each worker process; it has a connection of its own. */
  presence(): WorkerPresence;
}

/**
 * Checks the master key against what is stored, brings the schema up to date and opens everything that is kept. Throws
 * Fault WRONG_MASTER_KEY before anything is changed.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { database, masterKeyFile, subjectCodes, log } = options;
  await database.waitUntilReachable();
  const masterKey = await masterKeyFor(database, masterKeyFile);
  await migrate(database, { also: () => options.migrateJobs(database.url), log });
  const installation = await openInstallation(database, masterKey, masterKeyFile);
  const { sealer } = installation;

  const projects = new Projects(database, installation);
  const keyObjects = new KeyObjects(database, sealer);
  const instances = new SessionInstances(database, sealer);
  const { source, addresses } = options.audit ?? UNNAMED_AUDIT;
  const events = new AuditEvents(database, sealer, source);
  const audit = new SessionAudit(database, sealer, { events, instances, addresses });
  const accounts = new StoredAccounts(database, events);
  const changes = new AttributeChanges(database);
  const polls = new ImageSourcePolls(database, events);
  const notes = new EventNotes(sealer);
  const erasure = new SourceErasure(events);
  const sessions = new Sessions(database, sealer, { projects, keyObjects, instances, notes, audit, erasure });
  const rejected = new RejectedInstances(database, sealer);
  const subjects = new Subjects(database, projects, subjectCodes);
  const trials = new SessionTrials(database, projects, subjects);
  const uids = new UIDMappings(database, projects);
  const decisions = new ReviewDecisions(database, projects, events);
  const findings = new SessionFindings(database, { projects, decisions, sessions, audit });
  const repositories = {
    sessions,
    instances,
    keyObjects,
    rejected,
    changes,
    subjects,
    trials,
    uids,
    information: new InformationDrafts(database, sealer),
    findings,
    decisions,
  };
  return {
    sessions: sessionStoreOf(repositories),
    sessionsAs: (actor) => sessionStoreOf(repositories, actor),
    reads: readModelsOf(database, { instances, changes, polls, notes, sessions }),
    review: reviewDeskOf({ findings, decisions }),
    reviewAs: (actor) => reviewDeskOf({ findings, decisions }, actor),
    projects,
    subjects: new SubjectDesk(database, { projects, subjects, trials, sessions, events }),
    keys: new KeyDestruction(database, installation, { erasure, events }),
    retention: new Retention(database, { erasure, events }),
    signIns: new StoredSignIns(database, events, sealer, accounts),
    accounts,
    register: new StoredPseudonymRegister(database, projects),
    reidentifications: new StoredReidentificationRequests(database, projects),
    audit: auditTrailOf(events, audit),
    polls,
    queue: new JobQueue(database),
    received: ({ directory, keepUnclaimed }) =>
      new ReceivedInstances(database, sealer, new ReceivedFiles(directory), { keepUnclaimed, events, log }),
    presence: () => new WorkerPresence(database, log),
  };
}
