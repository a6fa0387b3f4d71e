import { type AuditActor, type AuditEvent, type AuditStudy, SYSTEM } from '../audit/audit-event';
import type { AuditEventName } from '../audit/vocabulary';
import type { SealContext, Sealer } from '../security/envelope';
import type { ExportSelection } from '../selection/export-selection';
import type { InstanceState, SessionError, SessionState } from '../session/export-session';
import type { AuditEvents } from './audit-events';
import { type Database, firstRow, type Queries, rows } from './database';
import type { SessionInstances } from './session-instances';

/** A move of a session, as it is told to the audit trail. */
export interface AuditedMove {
  readonly from: SessionState;
  readonly to: SessionState;
  readonly error: SessionError | null;
  /** The same error in the same state as before. */
  readonly repeated?: boolean;
}

/** Addresses by configured name; undefined where the name is none. */
export interface PeerAddresses {
  imageSource(name: string): string | undefined;
  receiver(name: string): string | undefined;
}

/** What a person or a token does to a session, told by where it stood and where it goes. The first row that fits. */
const DEEDS: readonly {
  readonly from?: readonly SessionState[];
  readonly to?: readonly SessionState[];
  readonly event: AuditEventName;
}[] = [
  { to: ['cancelled'], event: 'session-cancelled' },
  { from: ['received'], event: 'session-assigned' },
  { from: ['delayed'], event: 'session-released' },
  { from: ['review'], event: 'session-approved' },
  { from: ['completed'], event: 'session-resent' },
  { event: 'session-retried' },
];

interface SessionRow {
  image_source: string;
  receiver: string | null;
  project: string | null;
  /** null: erased. */
  selection: Buffer | null;
  reversible: boolean | null;
}

interface AuditedSession {
  readonly session: string;
  readonly project?: string;
  readonly imageSource: AuditEvent['peer'];
  readonly receiver: AuditEvent['peer'];
  readonly patients: readonly string[];
  readonly instances: readonly AuditedInstance[];
}

interface AuditedInstance {
  /** '' where the trail must not lead from what was delivered back to it. */
  readonly StudyInstanceUID: string;
  /** As the Receiver knows it. */
  readonly newStudyInstanceUID: string;
  readonly SOPClassUID: string;
  readonly state: InstanceState;
}

const READ: readonly InstanceState[] = ['planned', 'quarantined', 'delivered'];
const DEIDENTIFIED: readonly InstanceState[] = ['planned', 'delivered'];
const DELIVERED: readonly InstanceState[] = ['delivered'];

/** Tells the audit trail what happens to sessions: one event for each stage, not one for each request. */
export class SessionAudit {
  readonly #database: Database;
  readonly #events: AuditEvents;
  readonly #sealer: Sealer;
  readonly #instances: SessionInstances;
  readonly #addresses: PeerAddresses;

  constructor(
    database: Database,
    sealer: Sealer,
    parts: { readonly events: AuditEvents; readonly instances: SessionInstances; readonly addresses: PeerAddresses },
  ) {
    this.#database = database;
    this.#sealer = sealer;
    this.#events = parts.events;
    this.#instances = parts.instances;
    this.#addresses = parts.addresses;
  }

  /** A selection came and a session was opened for it. */
  opened(queries: Queries, sessionId: string): void {
    this.#record(queries, sessionId, ({ imageSource, instances, ...common }) => [
      whole({
        event: 'selection-received',
        actor: SYSTEM,
        peer: imageSource,
        ...bare(common),
        studies: studiesOf(instances),
      }),
    ]);
  }

  moved(queries: Queries, sessionId: string, move: AuditedMove, actor: AuditActor = SYSTEM): void {
    if (move.repeated === true) return;
    this.#record(queries, sessionId, (audited) => [
      ...deedOf(audited, move, actor),
      ...stageOf(audited, move),
      ...rejectionOf(audited, move, actor),
    ]);
  }

  /** Another selection took its place, or none. */
  superseded(queries: Queries, sessionId: string, description: string): void {
    this.#record(queries, sessionId, ({ session, project }) => [
      whole({ event: 'session-superseded', actor: SYSTEM, session, project, description }),
    ]);
  }

  /** Somebody decided on what planning found: what it says is not told. */
  decided(queries: Queries, sessionId: string, decision: string, actor: AuditActor): void {
    this.#record(queries, sessionId, ({ session, project }) => [
      whole({ event: 'finding-decided', actor, session, project, description: `decided: ${decision}` }),
    ]);
  }

  /** Identifiers of a session's source are about to be shown to somebody. */
  async shown(sessionId: string, actor: AuditActor, what: string): Promise<void> {
    await this.#database.transaction(async (queries) => {
      this.#record(queries, sessionId, ({ instances, ...common }) => [
        whole({
          event: 'identifiers-shown',
          actor,
          description: what,
          ...bare(common),
          studies: studiesOf(instances),
        }),
      ]);
    });
  }

  #patientOf(sessionId: string, selection: Buffer): string {
    const opened = this.#sealer.open(selection, selectionContext(sessionId)).toString('utf8');
    return (JSON.parse(opened) as ExportSelection).source.PatientID;
  }

  #record(queries: Queries, sessionId: string, tell: (audited: AuditedSession) => AuditEvent[]): void {
    this.#events.record(queries, async () => {
      const audited = await this.#load(queries, sessionId);
      return audited === undefined ? [] : tell(audited);
    });
  }

  async #load(queries: Queries, sessionId: string): Promise<AuditedSession | undefined> {
    const row = await firstRow<SessionRow>(
      queries,
      `SELECT s.image_source, s.receiver, p.name AS project, p.reversible, s.selection
       FROM export_session s LEFT JOIN project p ON p.id = s.project_id WHERE s.id = ?`,
      [sessionId],
    );
    if (row === undefined) return undefined;
    // An irreversible project keeps nothing that leads back, and the trail is kept.
    const named = row.reversible !== false;
    const patient = named && row.selection !== null ? this.#patientOf(sessionId, row.selection) : '';
    const found = await rows<{
      ordinal: number;
      source: Buffer | null;
      sop_class_uid: string | null;
      state: InstanceState;
      target: string | null;
    }>(
      queries,
      `SELECT ordinal, source, sop_class_uid, state, target_study_instance_uid AS target
       FROM session_instance WHERE session_id = ? ORDER BY ordinal`,
      [sessionId],
    );
    return {
      session: sessionId,
      ...(row.project === null ? {} : { project: row.project }),
      imageSource: peer(row.image_source, this.#addresses.imageSource(row.image_source)),
      receiver: row.receiver === null ? undefined : peer(row.receiver, this.#addresses.receiver(row.receiver)),
      patients: patient === '' ? [] : [patient],
      instances: found.map(({ source, ...instance }) => ({
        StudyInstanceUID:
          named && source !== null
            ? this.#instances.openSource(sessionId, { ...instance, source }).StudyInstanceUID
            : '',
        newStudyInstanceUID: instance.target ?? '',
        SOPClassUID: instance.sop_class_uid ?? '',
        state: instance.state,
      })),
    };
  }
}

/** What an irreversible project exported has the name that it got. */
function asExported(instances: readonly AuditedInstance[]): readonly AuditedInstance[] {
  return instances.map((instance) =>
    instance.StudyInstanceUID === '' ? { ...instance, StudyInstanceUID: instance.newStudyInstanceUID } : instance,
  );
}

function deedOf({ session, project }: AuditedSession, move: AuditedMove, actor: AuditActor): AuditEvent[] {
  if (actor.kind === 'system') return [];
  const row = DEEDS.find(({ from, to }) => (from?.includes(move.from) ?? true) && (to?.includes(move.to) ?? true));
  return row === undefined ? [] : [whole({ event: row.event, actor, session, project })];
}

function rejectionOf({ session, project }: AuditedSession, move: AuditedMove, actor: AuditActor): AuditEvent[] {
  if (move.to !== 'rejected') return [];
  return [whole({ event: 'session-rejected', actor, session, project, description: move.error?.code })];
}

/** What the stage that just ended did, by itself. */
function stageOf(audited: AuditedSession, { from, to, error }: AuditedMove): AuditEvent[] {
  const trust = trustOf(audited, from, error);
  switch (from) {
    case 'planning':
    case 'waiting':
      return to === 'cancelled' || (error === null && (to === from || to === 'planning'))
        ? trust
        : [...trust, ...planned(audited, error)];
    case 'exporting':
      return to === from ? trust : [...trust, ...exported(audited, to, error)];
    default:
      return trust;
  }
}

/** The peer did not prove who it is, or does not trust us. */
function trustOf(audited: AuditedSession, from: SessionState, error: SessionError | null): AuditEvent[] {
  if (error === null || !isTrustFailure(error)) return [];
  const { session, project, imageSource, receiver } = audited;
  // A message of ours begins with the name of the peer; while sending it may be either.
  const node = [receiver, imageSource].find((each) => each !== undefined && error.message.startsWith(`${each.name}:`));
  return [
    whole({
      event: 'node-authentication-failed',
      actor: SYSTEM,
      outcome: 4,
      session,
      project,
      subject: { kind: 'node', id: (node ?? (from === 'exporting' ? receiver : imageSource))?.name ?? '' },
      description: error.message,
    }),
  ];
}

export function isTrustFailure({ code, message }: Pick<SessionError, 'code' | 'message'>): boolean {
  return code === 'PEER_UNREACHABLE' && message.includes('no trusted TLS connection');
}

function planned(audited: AuditedSession, error: SessionError | null): AuditEvent[] {
  const { session, project, imageSource, patients, instances } = audited;
  const common = { actor: SYSTEM, session, project, patients };
  const seen = instances.filter(({ state }) => READ.includes(state));
  const outcome = error === null || seen.length > 0 || error.code === 'INSTANCES_MISSING' ? 0 : 4;
  const query = [...new Set(instances.map(({ StudyInstanceUID }) => StudyInstanceUID))]
    .filter((study) => study !== '')
    .map((study) => `/studies/${study}/instances`)
    .join('\n');
  const asked = whole({
    ...common,
    event: 'instances-queried',
    peer: imageSource,
    query,
    outcome,
    ...(outcome === 0 || error === null ? {} : { description: error.message }),
  });
  if (outcome !== 0 || seen.length === 0) return [asked];
  const clean = instances.filter(({ state }) => DEIDENTIFIED.includes(state));
  return [
    asked,
    whole({ ...common, event: 'instances-retrieved', peer: imageSource, studies: studiesOf(seen) }),
    whole({ ...common, event: 'instances-accessed', studies: studiesOf(seen) }),
    ...(clean.length === 0 ? [] : [whole({ ...common, event: 'instances-deidentified', studies: studiesOf(clean) })]),
  ];
}

/** PS3.15 A.5.3: what went and what did not are told in two messages. */
function exported(audited: AuditedSession, to: SessionState, error: SessionError | null): AuditEvent[] {
  const { session, project, imageSource, receiver, patients, instances } = audited;
  const common = { actor: SYSTEM, session, project, patients };
  const gone = instances.filter(({ state }) => DELIVERED.includes(state));
  const left = instances.filter(({ state }) => !DELIVERED.includes(state));
  const isFailure = left.length > 0 && (error !== null || to === 'completed');
  return [
    ...(gone.length === 0
      ? []
      : [
          whole({ ...common, event: 'instances-retrieved', peer: imageSource, studies: studiesOf(gone) }),
          whole({ ...common, event: 'export-finished', peer: receiver, studies: studiesOf(asExported(gone)) }),
        ]),
    ...(isFailure
      ? [
          whole({
            ...common,
            event: 'export-finished' as const,
            peer: receiver,
            studies: studiesOf(asExported(left)),
            outcome: gone.length > 0 ? (4 as const) : (8 as const),
            description: error?.message ?? 'these instances were left out',
          }),
        ]
      : []),
  ];
}

export function studiesOf(
  instances: readonly Pick<AuditedInstance, 'StudyInstanceUID' | 'SOPClassUID'>[],
): readonly AuditStudy[] {
  const studies = new Map<string, Map<string, number>>();
  for (const { StudyInstanceUID, SOPClassUID } of instances) {
    const classes = studies.get(StudyInstanceUID) ?? new Map<string, number>();
    studies.set(StudyInstanceUID, classes.set(SOPClassUID, (classes.get(SOPClassUID) ?? 0) + 1));
  }
  return [...studies].map(([StudyInstanceUID, classes]) => ({
    StudyInstanceUID,
    SOPClasses: [...classes].map(([UID, count]) => ({ UID, instances: count })),
  }));
}

function peer(name: string, url: string | undefined): { readonly name: string; readonly url?: string } {
  return url === undefined ? { name } : { name, url };
}

function bare({ session, project, patients }: Pick<AuditedSession, 'session' | 'patients'> & { project?: string }) {
  return { session, project, patients };
}

type Loose = { readonly [Key in keyof AuditEvent]: AuditEvent[Key] | undefined } & Pick<AuditEvent, 'event' | 'actor'>;

/** Without what is undefined. */
function whole(event: Loose): AuditEvent {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined)) as unknown as AuditEvent;
}

function selectionContext(id: string): SealContext {
  return { table: 'export_session', column: 'selection', row: id };
}
