import type { AttributeChange, DeliveryReceipt, InstanceLine } from '../../../src/session/store-port';
import { ago, type ExportsInMemory, makeSession, NOW, sessionId } from './exports-in-memory';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const SR = '1.2.840.10008.5.1.4.1.1.88.33';

export const DONE = sessionId(1);
export const WAITING = sessionId(2);
export const QUARANTINED = sessionId(3);
export const SENDING = sessionId(4);
export const FAILED = sessionId(5);

function uid(number: number): string {
  return `2.25.${'329800735698586629295641978511506172918'.slice(0, 33)}${String(number).padStart(6, '0')}`;
}

function instances(count: number, change: (ordinal: number) => Partial<InstanceLine>): InstanceLine[] {
  return Array.from({ length: count }, (_, ordinal) => ({
    ordinal,
    state: 'delivered',
    SOPClassUID: ordinal === count - 1 ? SR : CT,
    SOPInstanceUID: uid(ordinal),
    reason: null,
    byteLength: 527_104 + ordinal,
    deliveredAt: ago(90),
    status: 200,
    ...change(ordinal),
  }));
}

const CHANGES: readonly (readonly [string, string, string, string])[] = [
  ['00080014', 'InstanceCreatorUID', 'U', 'E.1-1'],
  ['00080018', 'SOPInstanceUID', 'U', 'E.1-1'],
  ['0020000D', 'StudyInstanceUID', 'U', 'E.1-1'],
  ['0020000E', 'SeriesInstanceUID', 'U', 'E.1-1'],
  ['00081140/0/00081155', 'ReferencedSOPInstanceUID', 'U', 'E.1-1'],
  ['00081140/1/00081155', 'ReferencedSOPInstanceUID', 'U', 'E.1-1'],
  ['00080050', 'AccessionNumber', 'Z', 'E.1-1'],
  ['00080090', 'ReferringPhysicianName', 'Z', 'E.1-1'],
  ['00100010', 'PatientName', 'Z', 'E.1-1'],
  ['00100020', 'PatientID', 'Z', 'E.1-1'],
  ['00100030', 'PatientBirthDate', 'Z', 'E.1-1'],
  ['00080080', 'InstitutionName', 'X', 'E.1-1'],
  ['00081030', 'StudyDescription', 'X', 'E.1-1'],
  ['0008103E', 'SeriesDescription', 'X', 'E.1-1'],
  ['00101000', 'OtherPatientIDs', 'X', 'E.1-1'],
  ['00400275/0/00400007', 'ScheduledProcedureStepDescription', 'X', 'E.1-1'],
  ['00091001', '', 'X', 'E.1-1 private'],
  ['0040A123', 'PersonName', 'D', 'E.1-1'],
  ['00120062', 'PatientIdentityRemoved', 'add', 'PS3.15 E.1.1'],
  ['00120064', 'DeidentificationMethodCodeSequence', 'add', 'PS3.15 E.1.1'],
];

function changes(instancesOfCT: number): AttributeChange[] {
  return CHANGES.map(([path, keyword, action, rule]) => ({
    SOPClassUID: CT,
    path,
    keyword,
    action,
    rule,
    instances: instancesOfCT,
  }));
}

function receipt(lines: readonly InstanceLine[]): DeliveryReceipt {
  return {
    receiver: 'teaching-archive',
    completedAt: ago(61).toISOString(),
    edition: '2026d',
    options: [],
    manifest: [{ StudyInstanceUID: uid(900_001), SOPInstanceUID: uid(900_002), sha256: 'ab'.repeat(32) }],
    instances: lines.map((line) => ({
      StudyInstanceUID: uid(900_001),
      SeriesInstanceUID: uid(900_003),
      SOPInstanceUID: line.SOPInstanceUID ?? '',
      SOPClassUID: line.SOPClassUID,
      sha256: 'cd'.repeat(32),
      byteLength: line.byteLength ?? 0,
      status: line.status,
      warningReason: null,
    })),
    confirmedByQuery: true,
  };
}

/** One export in each of the situations that a coordinator meets. */
export function fillWithSamples({ held }: ExportsInMemory): void {
  const clinical = {
    project: 'FAKE-TRIAL-7',
    kind: 'clinical-trial',
    documentTitle: {
      CodeValue: '128711',
      CodingSchemeDesignator: 'DCM',
      CodeMeaning: 'For Clinical Trial Export',
    },
    receiver: 'core-lab',
  } as const;
  held.sessions = [
    makeSession(4, 'exporting', {
      ...clinical,
      counts: { selected: 200, retrieved: 131, deidentified: 131, delivered: 131 },
      edition: '2026d',
      subject: 'S-0007',
      updatedAt: ago(2),
    }),
    makeSession(2, 'waiting', {
      counts: { retrieved: 38, deidentified: 38 },
      attempts: 3,
      nextAttemptAt: new Date(NOW.getTime() + 20_000),
      error: {
        code: 'INSTANCES_MISSING',
        message: 'the image source does not have 2 of the referenced instances',
        remedy: 'They are looked for again; store them in the image source, or cancel the session.',
        retryable: true,
      },
      updatedAt: ago(35),
    }),
    makeSession(3, 'quarantined', {
      ...clinical,
      counts: { selected: 12, retrieved: 12, deidentified: 11, quarantined: 1 },
      error: {
        code: 'INSTANCES_QUARANTINED',
        message: '1 of the instances cannot leave, each for the reason beside it; nothing was sent',
        remedy: 'Correct them in the image source and retry, or cancel the session.',
        retryable: false,
      },
      updatedAt: ago(600),
    }),
    makeSession(5, 'exporting', {
      counts: { retrieved: 40, deidentified: 40, delivered: 7 },
      attempts: 2,
      nextAttemptAt: new Date(NOW.getTime() + 8_000),
      error: { code: 'PEER_UNREACHABLE', message: 'the Receiver does not answer', retryable: true },
      updatedAt: ago(12),
    }),
    makeSession(6, 'received', {
      project: null,
      kind: null,
      receiver: null,
      error: {
        code: 'AMBIGUOUS_PROJECT',
        message: 'more than one project could take this selection',
        remedy: 'Give each project dispositions of its own.',
        retryable: false,
      },
      updatedAt: ago(4_000),
    }),
    makeSession(7, 'delayed', {
      delayReasons: [
        { CodeValue: '110031', CodingSchemeDesignator: 'DCM', CodeMeaning: 'Delay export until final report' },
      ],
      updatedAt: ago(9_000),
    }),
    makeSession(1, 'completed', {
      disposition: 'Dr.Jost teaching file',
      counts: { retrieved: 40, deidentified: 40, delivered: 40 },
      edition: '2026d',
      subject: 'S-0001',
      updatedAt: ago(61),
    }),
    makeSession(8, 'cancelled', { updatedAt: ago(200_000) }),
  ];
  const delivered = instances(40, () => ({}));
  held.instances.set(DONE, delivered);
  held.changes.set(DONE, changes(39));
  held.receipts.set(DONE, receipt(delivered));
  held.events.set(DONE, [
    { at: ago(120), state: 'planning', text: 'found at the image source', code: null },
    { at: ago(110), state: 'queued', text: 'checked: ready to leave', code: null },
    { at: ago(100), state: 'exporting', text: 'sending begins', code: null },
    { at: ago(61), state: 'completed', text: 'the Receiver keeps the whole set', code: null },
  ]);
  held.missing.set(WAITING, ['1.2.826.0.1.3680043.10.1.7001', '1.2.826.0.1.3680043.10.1.7002']);
  held.instances.set(
    WAITING,
    instances(40, (ordinal) => ({
      state: ordinal < 2 ? 'missing' : 'planned',
      SOPInstanceUID: ordinal < 2 ? null : uid(ordinal),
      byteLength: ordinal < 2 ? null : 527_104,
      deliveredAt: null,
      status: null,
    })),
  );
  held.events.set(WAITING, [
    { at: ago(300), state: 'planning', text: 'found at the image source', code: null },
    { at: ago(35), state: 'waiting', text: 'waits for instances', code: 'INSTANCES_MISSING' },
  ]);
  held.instances.set(
    QUARANTINED,
    instances(12, (ordinal) => ({
      state: ordinal === 3 ? 'quarantined' : 'planned',
      SOPInstanceUID: ordinal === 3 ? null : uid(ordinal),
      reason:
        ordinal === 3
          ? {
              code: 'TRUNCATED',
              message: 'the value of (7FE0,0010) ends before its length says',
              remedy: 'Store the instance anew.',
            }
          : null,
      byteLength: ordinal === 3 ? null : 527_104,
      deliveredAt: null,
      status: null,
    })),
  );
  held.changes.set(QUARANTINED, changes(11));
  held.polls = [
    { imageSource: 'pacs', lastPolledAt: ago(4), error: null },
    {
      imageSource: 'outpatient-pacs',
      lastPolledAt: ago(75),
      error: {
        code: 'PEER_UNAUTHORIZED',
        message: 'the image source answered 401',
        remedy: 'Check username and password in the configuration.',
        retryable: true,
      },
    },
  ];
}
