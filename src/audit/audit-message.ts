import type { AuditActor, AuditEvent, AuditStudy, AuditSubject } from './audit-event';
import { type AuditCode, MEDIA_URI, ObjectIDType } from './codes';
import { type AuditEventRule, auditRule, type ParticipantRule } from './vocabulary';
import { type Element, xml } from './xml';

/** Who tells the audit repository. */
export interface AuditSource {
  readonly sourceID: string;
  readonly enterpriseSiteID?: string;
  /** Name of this machine. */
  readonly host: string;
}

/** Study Root Query/Retrieve Information Model – FIND: what a QIDO-RS search is, in terms of SOP Classes. */
const STUDY_ROOT_FIND = '1.2.840.10008.5.1.4.1.2.2.1';
/** An ID is mandatory and some selections name no patient. */
const UNKNOWN = 'unknown';
const NAMELESS: Element = { name: 'ParticipantObjectName' };

/** An audit message (PS3.15 A.5.1): elements in the order of the schema, everything escaped. */
export function auditMessage(event: AuditEvent, source: AuditSource, at: Date): string {
  const rule: AuditEventRule = auditRule(event.event);
  return xml({
    name: 'AuditMessage',
    children: [
      eventIdentification(event, rule, at),
      ...activeParticipants(event, rule, source),
      auditSourceIdentification(source),
      ...participantObjects(event, rule),
    ],
  });
}

function coded(name: string, { code, codeSystemName, originalText }: AuditCode): Element {
  return { name, attributes: { 'csd-code': code, codeSystemName, originalText } };
}

function eventIdentification(event: AuditEvent, rule: AuditEventRule, at: Date): Element {
  return {
    name: 'EventIdentification',
    attributes: {
      EventActionCode: rule.action,
      EventDateTime: at.toISOString(),
      EventOutcomeIndicator: String(event.outcome ?? 0),
    },
    children: [
      coded('EventID', rule.eventID),
      ...(rule.eventType === undefined ? [] : [coded('EventTypeCode', rule.eventType)]),
      ...(event.description === undefined ? [] : [{ name: 'EventOutcomeDescription', text: event.description }]),
    ],
  };
}

function activeParticipants(event: AuditEvent, rule: AuditEventRule, source: AuditSource): Element[] {
  const asked = event.actor.kind !== 'system';
  const rules =
    asked && !rule.participants.some(({ who }) => who === 'actor')
      ? [...rule.participants, { who: 'actor' as const }]
      : rule.participants;
  return rules.flatMap((participant) => {
    const described = describe(participant, event, source);
    if (described === undefined) return [];
    // At most one requestor (A.5.3): the person or token, and where there is none the application by itself.
    const isRequestor = participant.who === 'actor' || (!asked && participant.requestor === true);
    return [
      {
        name: 'ActiveParticipant',
        attributes: { ...described, UserIsRequestor: String(isRequestor) },
        children: [
          ...(participant.role === undefined ? [] : [coded('RoleIDCode', participant.role)]),
          ...(participant.who === 'media'
            ? [{ name: 'MediaIdentifier', children: [coded('MediaType', MEDIA_URI)] }]
            : []),
        ],
      },
    ];
  });
}

type ParticipantAttributes = Readonly<Record<string, string | undefined>>;

function describe(
  { who }: ParticipantRule,
  { actor, peer }: AuditEvent,
  source: AuditSource,
): ParticipantAttributes | undefined {
  switch (who) {
    case 'application':
      return {
        UserID: `${source.sourceID}@${source.host}`,
        NetworkAccessPointID: source.host,
        NetworkAccessPointTypeCode: '1',
      };
    case 'actor':
      return actor.kind === 'system' ? undefined : { UserID: userID(actor), UserName: actor.name };
    case 'peer': {
      if (peer === undefined) return { UserID: UNKNOWN };
      const host = hostOf(peer.url);
      return {
        UserID: peer.url ?? peer.name,
        UserName: peer.name,
        NetworkAccessPointID: host,
        NetworkAccessPointTypeCode: host === undefined ? undefined : '1',
      };
    }
    case 'media': {
      // A.5.3.4: exactly one, its address as a URI.
      const address = peer?.url ?? peer?.name ?? UNKNOWN;
      return { UserID: address, NetworkAccessPointID: address, NetworkAccessPointTypeCode: '5' };
    }
  }
}

/** A name of a token may equal a username: they are told apart. */
function userID({ kind, name }: AuditActor): string {
  return kind === 'token' ? `token:${name}` : name;
}

function hostOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).hostname || undefined;
}

function auditSourceIdentification({ sourceID, enterpriseSiteID }: AuditSource): Element {
  return {
    name: 'AuditSourceIdentification',
    attributes: { AuditEnterpriseSiteID: enterpriseSiteID, AuditSourceID: sourceID },
    // A.5.1.2.1: an application server.
    children: [{ name: 'AuditSourceTypeCode', attributes: { 'csd-code': '4' } }],
  };
}

type ObjectKind = AuditEventRule['objects'][number];

const OBJECTS: Readonly<Record<ObjectKind, (event: AuditEvent, rule: AuditEventRule) => Element[]>> = {
  studies: ({ studies = [] }, rule) => studies.map((study) => studyObject(study, rule)),
  patients: ({ patients = [] }) => (patients.length === 0 ? [UNKNOWN] : patients).map(patientObject),
  query: ({ query = '' }) => [
    object({ id: STUDY_ROOT_FIND, type: '2', role: '24' }, ObjectIDType.SOPClassUID, [
      { name: 'ParticipantObjectQuery', text: base64(query) },
    ]),
  ],
  // A.5.3.2
  log: ({ subject }) => [
    object({ id: subject?.id ?? '/api/v1/audit-events', type: '2', role: '13' }, ObjectIDType.URI, [
      { name: 'ParticipantObjectName', text: 'Security Audit Log' },
    ]),
  ],
  subject: (event, rule) => [subjectObject(event.subject ?? sessionSubject(event), event.description ?? rule.words)],
};

function participantObjects(event: AuditEvent, rule: AuditEventRule): Element[] {
  return rule.objects.flatMap((kind) => OBJECTS[kind](event, rule));
}

/** What follows the type of the ID begins with either a name or a query. */
function object(
  { id, type, role, lifeCycle }: { id: string; type: string; role: string; lifeCycle?: string | undefined },
  idType: AuditCode,
  rest: readonly Element[],
): Element {
  return {
    name: 'ParticipantObjectIdentification',
    attributes: {
      ParticipantObjectID: id === '' ? UNKNOWN : id,
      ParticipantObjectTypeCode: type,
      ParticipantObjectTypeCodeRole: role,
      ParticipantObjectDataLifeCycle: lifeCycle,
    },
    children: [coded('ParticipantObjectIDTypeCode', idType), ...rest],
  };
}

function patientObject(PatientID: string): Element {
  return object({ id: PatientID, type: '1', role: '1' }, ObjectIDType.PatientNumber, [NAMELESS]);
}

function studyObject({ StudyInstanceUID, SOPClasses }: AuditStudy, rule: AuditEventRule): Element {
  const lifeCycle = rule.dataLifeCycle === undefined ? undefined : String(rule.dataLifeCycle);
  return object({ id: StudyInstanceUID, type: '2', role: '3', lifeCycle }, ObjectIDType.StudyInstanceUID, [
    NAMELESS,
    {
      name: 'ParticipantObjectDescription',
      children: [
        ...SOPClasses.map(({ UID, instances }) => ({
          name: 'SOPClass',
          attributes: { UID: UID === '' ? undefined : UID, NumberOfInstances: String(instances) },
        })),
        ...(rule.anonymized === true ? [{ name: 'Anonymized', text: 'true' }] : []),
      ],
    },
  ]);
}

function sessionSubject({ session }: AuditEvent): AuditSubject {
  return session === undefined ? { kind: 'node', id: UNKNOWN } : { kind: 'session', id: session };
}

// PS3.15 A.5.1.2.2: type, role and kind of ID of what an alert is about.
const SUBJECTS: Readonly<
  Record<AuditSubject['kind'], { readonly role: string; readonly idType: AuditCode; readonly prefix: string }>
> = {
  session: { role: '20', idType: ObjectIDType.URI, prefix: 'urn:uuid:' },
  user: { role: '11', idType: ObjectIDType.UserIdentifier, prefix: '' },
  node: { role: '13', idType: ObjectIDType.NodeID, prefix: '' },
  configuration: { role: '13', idType: ObjectIDType.URI, prefix: '' },
  project: { role: '13', idType: ObjectIDType.URI, prefix: '' },
};

function subjectObject({ kind, id }: AuditSubject, description: string): Element {
  const { role, idType, prefix } = SUBJECTS[kind];
  return object({ id: `${prefix}${id}`, type: '2', role }, idType, [
    NAMELESS,
    // A.5.3.11: the detail of this type is mandatory.
    { name: 'ParticipantObjectDetail', attributes: { type: 'Alert Description', value: base64(description) } },
  ]);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
