import { type AuditCode, EventID, EventType, Role } from './codes';

/** One participant of an event (PS3.15 A.5.3): who it is, and in which role. */
export interface ParticipantRule {
  /** `actor`: the person or token that asked for it, where there is one. `media`: the address of the peer as a medium. */
  readonly who: 'application' | 'actor' | 'peer' | 'media';
  readonly role?: AuditCode;
  /** Asked for the event, where no person or token did. */
  readonly requestor?: true;
}

export interface AuditEventRule {
  readonly eventID: AuditCode;
  readonly eventType?: AuditCode;
  readonly action: 'C' | 'R' | 'U' | 'D' | 'E';
  readonly participants: readonly ParticipantRule[];
  readonly objects: readonly ('studies' | 'patients' | 'query' | 'subject' | 'log')[];
  /** PS3.15 A.5.1.2.3, of the studies. */
  readonly dataLifeCycle?: 1 | 2 | 6 | 7 | 10 | 15;
  /** Of every study object: all patient-identifying information was removed (A.5.3.4). */
  readonly anonymized?: true;
  /** For people, in a list. */
  readonly words: string;
}

const APPLICATION: ParticipantRule = { who: 'application', requestor: true };
const ACTOR: ParticipantRule = { who: 'actor' };
const FROM_PEER: readonly ParticipantRule[] = [
  { who: 'peer', role: Role.Source },
  { who: 'application', role: Role.Destination, requestor: true },
];

/** PS3.15 A.5.3.11. Deeds of people on a session have no event of their own in DICOM: use of a restricted function. */
function alert(eventType: AuditCode, words: string): AuditEventRule {
  return {
    eventID: EventID.SecurityAlert,
    eventType,
    action: 'E',
    participants: [{ who: 'application' }, ACTOR],
    objects: ['subject'],
    words,
  };
}
const deed = (words: string) => alert(EventType.UseOfRestrictedFunction, words);

/** Every event that is recorded, and how PS3.15 A.5.3 wants it told. What is not listed cannot be recorded. */
export const AUDIT_EVENTS = {
  // A.5.3.1 Application Activity
  'application-started': {
    eventID: EventID.ApplicationActivity,
    eventType: EventType.ApplicationStart,
    action: 'E',
    participants: [{ who: 'application', role: Role.Application }],
    objects: [],
    words: 'Started',
  },
  'application-stopped': {
    eventID: EventID.ApplicationActivity,
    eventType: EventType.ApplicationStop,
    action: 'E',
    participants: [{ who: 'application', role: Role.Application }],
    objects: [],
    words: 'Stopped',
  },
  // A.5.3.2 Audit Log Used
  'audit-log-used': {
    eventID: EventID.AuditLogUsed,
    action: 'R',
    participants: [{ who: 'application' }, ACTOR],
    objects: ['log'],
    words: 'Audit message read',
  },
  // A.5.3.7 DICOM Instances Transferred
  'selection-received': {
    eventID: EventID.InstancesTransferred,
    action: 'C',
    participants: FROM_PEER,
    objects: ['studies', 'patients'],
    dataLifeCycle: 1,
    words: 'Selection received',
  },
  'instances-received': {
    eventID: EventID.InstancesTransferred,
    action: 'C',
    participants: [...FROM_PEER, ACTOR],
    objects: ['studies', 'patients'],
    dataLifeCycle: 2,
    words: 'Instances received',
  },
  'instances-retrieved': {
    eventID: EventID.InstancesTransferred,
    action: 'R',
    participants: FROM_PEER,
    objects: ['studies', 'patients'],
    dataLifeCycle: 6,
    words: 'Instances retrieved',
  },
  // A.5.3.10 Query
  'instances-queried': {
    eventID: EventID.Query,
    action: 'E',
    participants: [
      { who: 'application', role: Role.Source, requestor: true },
      { who: 'peer', role: Role.Destination },
    ],
    objects: ['query'],
    words: 'Image source asked',
  },
  // A.5.3.6 DICOM Instances Accessed
  'instances-accessed': {
    eventID: EventID.InstancesAccessed,
    action: 'R',
    participants: [APPLICATION],
    objects: ['studies', 'patients'],
    dataLifeCycle: 6,
    words: 'Instances read',
  },
  'instances-deidentified': {
    eventID: EventID.InstancesAccessed,
    action: 'C',
    participants: [APPLICATION],
    objects: ['studies', 'patients'],
    dataLifeCycle: 7,
    words: 'Instances de-identified',
  },
  'identifiers-shown': {
    eventID: EventID.InstancesAccessed,
    action: 'R',
    participants: [{ who: 'application' }, ACTOR],
    objects: ['studies', 'patients'],
    dataLifeCycle: 6,
    words: 'Identifiers shown',
  },
  'register-viewed': {
    eventID: EventID.InstancesAccessed,
    action: 'R',
    participants: [{ who: 'application' }, ACTOR],
    objects: ['patients'],
    words: 'Pseudonym register viewed',
  },
  // A.5.3.4 Export
  'export-finished': {
    eventID: EventID.Export,
    action: 'R',
    participants: [
      { who: 'application', role: Role.Source, requestor: true },
      { who: 'peer', role: Role.Destination },
      { who: 'media', role: Role.DestinationMedia },
    ],
    objects: ['studies', 'patients'],
    dataLifeCycle: 10,
    anonymized: true,
    words: 'Export finished',
  },
  // A.5.3.8 DICOM Study Deleted
  'instances-deleted': {
    eventID: EventID.StudyDeleted,
    action: 'D',
    participants: [APPLICATION],
    objects: ['studies', 'patients'],
    dataLifeCycle: 15,
    words: 'Working copies deleted',
  },
  // A.5.3.12 User Authentication
  'signed-in': {
    eventID: EventID.UserAuthentication,
    eventType: EventType.Login,
    action: 'E',
    participants: [ACTOR, { who: 'application' }],
    objects: [],
    words: 'Signed in',
  },
  'signed-out': {
    eventID: EventID.UserAuthentication,
    eventType: EventType.Logout,
    action: 'E',
    participants: [ACTOR, { who: 'application' }],
    objects: [],
    words: 'Signed out',
  },
  'sign-in-failed': {
    eventID: EventID.UserAuthentication,
    eventType: EventType.Login,
    action: 'E',
    participants: [ACTOR, { who: 'application' }],
    objects: [],
    words: 'Sign-in failed',
  },
  // A.5.3.11 Security Alert
  'sign-in-locked': alert(EventType.UserSecurityAttributesChanged, 'Sign-in locked'),
  'node-authentication-failed': alert(EventType.NodeAuthentication, 'Peer not trusted'),
  'account-changed': alert(EventType.UserSecurityAttributesChanged, 'Account or token changed'),
  'configuration-changed': alert(EventType.SoftwareConfiguration, 'Configuration changed'),
  'key-destroyed': alert(EventType.ObjectSecurityAttributesChanged, 'Key destroyed'),
  'identity-purged': alert(EventType.ObjectSecurityAttributesChanged, 'Identity purged'),
  're-identified': {
    ...deed('Re-identified'),
    objects: ['subject', 'patients'],
  },
  'reidentification-requested': deed('Re-identification asked for'),
  'reidentification-approved': deed('Re-identification approved'),
  'reidentification-declined': deed('Re-identification declined'),
  'session-assigned': deed('Session given to a project'),
  'session-released': deed('Session released'),
  'session-approved': deed('Session approved'),
  'session-retried': deed('Session taken up again'),
  'session-resent': deed('Session sent again'),
  'session-cancelled': deed('Session cancelled'),
  'session-rejected': deed('Session rejected'),
  'session-superseded': deed('Session superseded'),
  'finding-decided': deed('Finding decided'),
  'decision-revoked': deed('Decision revoked'),
  'subject-assigned': deed('Subject ID given'),
  'subject-replaced': deed('Subject ID replaced'),
  'subjects-merged': deed('Subjects merged'),
  'subjects-imported': deed('Subject IDs imported'),
  'time-point-assigned': deed('Time point given'),
} as const satisfies Readonly<Record<string, AuditEventRule>>;

export type AuditEventName = keyof typeof AUDIT_EVENTS;

export const AUDIT_EVENT_NAMES = Object.keys(AUDIT_EVENTS) as readonly AuditEventName[];

export function auditRule(event: AuditEventName): AuditEventRule {
  return AUDIT_EVENTS[event];
}
