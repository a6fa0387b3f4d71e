import type { AuditEvent, AuditEventLine } from '../../../src/audit/audit-event';
import { cannot } from '../../../src/base/errors';
import { createLog } from '../../../src/base/log';
import type { ExportSession, SessionCounts, SessionState } from '../../../src/session/export-session';
import type { OpenFinding } from '../../../src/session/review-port';
import type {
  AttributeChange,
  DeliveryReceipt,
  InstanceLine,
  Page,
  ReadModels,
  SessionEvent,
} from '../../../src/session/store-port';
import type { ActionResult, Actor, SessionAction } from '../../../src/web/actions';
import { type AppDeps, createApp } from '../../../src/web/app';
import type { AuditDesk } from '../../../src/web/audit-desk';
import type { Authentication } from '../../../src/web/authentication';
import type { ProjectDesk, ProjectView } from '../../../src/web/project-desk';
import type { Review } from '../../../src/web/review';
import { accountsInMemory, reidentificationInMemory } from './people-in-memory';

/** The moment at which every page of the tests is looked at. */
export const NOW = new Date('2026-03-04T05:06:07.000Z');

export function ago(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1000);
}

const NOTHING: SessionCounts = { selected: 0, retrieved: 0, deidentified: 0, delivered: 0, refused: 0, quarantined: 0 };

export function sessionId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function makeSession(
  number: number,
  state: SessionState,
  more: Partial<Omit<ExportSession, 'counts'>> & { readonly counts?: Partial<SessionCounts> } = {},
): ExportSession {
  const { counts, ...rest } = more;
  return {
    id: sessionId(number),
    state,
    project: 'Dr.Jost teaching file',
    kind: 'teaching-file',
    documentTitle: {
      CodeValue: 'TCE001',
      CodingSchemeDesignator: 'IHERADTF',
      CodeMeaning: 'For Teaching File Export',
    },
    disposition: null,
    imageSource: 'pacs',
    receiver: 'teaching-archive',
    subject: null,
    counts: { ...NOTHING, selected: 40, ...counts },
    delayReasons: [],
    selectionId: sessionId(number),
    supersededBy: null,
    overdue: false,
    createdAt: ago(3600 + number),
    updatedAt: ago(60 + number),
    attempts: 0,
    nextAttemptAt: null,
    error: null,
    edition: null,
    options: [],
    ...rest,
  };
}

/** What the database would hold. */
export interface Held {
  sessions: ExportSession[];
  instances: Map<string, InstanceLine[]>;
  missing: Map<string, string[]>;
  changes: Map<string, AttributeChange[]>;
  events: Map<string, SessionEvent[]>;
  receipts: Map<string, DeliveryReceipt>;
  findings: Map<string, OpenFinding[]>;
  polls: Awaited<ReturnType<ReadModels['polls']>>;
  ready: () => Promise<boolean>;
}

function pageOf<T>(all: readonly T[], limit: number, cursor: string | undefined): Page<T> {
  const from = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  const items = all.slice(from, from + limit);
  const next = from + limit;
  return { items, nextCursor: next < all.length ? Buffer.from(String(next)).toString('base64url') : null };
}

function readModelsOver(held: Held): ReadModels {
  return {
    worklist: async ({ state, project, projects, limit, cursor }) =>
      pageOf(
        held.sessions.filter(
          (session) =>
            (state === undefined || session.state === state) &&
            (project === undefined || session.project === project) &&
            (projects?.includes(session.project ?? '') ?? true),
        ),
        limit,
        cursor,
      ),
    countsByState: async (projects) => {
      const counts = new Map<SessionState, number>();
      const theirs = held.sessions.filter(({ project }) => projects?.includes(project ?? '') ?? true);
      for (const { state } of theirs) counts.set(state, (counts.get(state) ?? 0) + 1);
      return counts;
    },
    session: async (id) => held.sessions.find((session) => session.id === id) ?? null,
    instances: async (id, { limit, cursor }) => pageOf(held.instances.get(id) ?? [], limit, cursor),
    missing: async (id) => held.missing.get(id) ?? [],
    changes: async (id) => held.changes.get(id) ?? [],
    events: async (id) => held.events.get(id) ?? [],
    receipt: async (id) => held.receipts.get(id) ?? null,
    polls: async () => held.polls,
    ready: () => held.ready(),
  };
}

function reviewInMemory(held: Held): Review {
  return {
    findings: async (id) => held.findings.get(id) ?? [],
    openFindings: async (id) => held.findings.get(id) ?? [],
    decide: async (id, findingId, { decision, replacement }, actor) => {
      const findings = held.findings.get(id) ?? [];
      const at = findings.findIndex((each) => each.id === findingId);
      const finding = findings[at];
      if (finding === undefined) return { result: 'unknown-finding' };
      if (finding.decision !== null) {
        return { result: 'refused', reason: { code: 'FINDING_ALREADY_DECIDED', message: 'somebody was quicker' } };
      }
      findings[at] = {
        ...finding,
        decision: decision as OpenFinding['decision'],
        decidedBy: actor.name,
        decidedAt: NOW,
        replacement: typeof replacement === 'string' ? replacement : null,
      };
      return { result: 'done' };
    },
    decisions: async () => null,
    revoke: async () => false,
  };
}

export const READ_TOKEN = 'token-that-may-read';
export const OPERATE_TOKEN = 'token-that-may-do-all';
export const AUDIT_TOKEN = 'token-that-may-audit';
/** Sees the project HEAD-01 alone, as hank does. */
export const HEAD_TOKEN = 'token-of-one-project';
export const IDLE_TOKEN = 'token-that-may-nothing';
export const ONE_TIME_TOKEN = 'one-time-link-token';
export const USERNAME = 'ada';
export const PASSWORD = 'correct horse battery staple';

export interface Deed {
  readonly action: SessionAction | 'assign' | 'release';
  readonly sessionId: string;
  readonly actor: Actor;
  /** The project, or the reason. */
  readonly said?: string;
}

function projectsOf(tokenOrUsername: string): readonly string[] | null {
  return tokenOrUsername === HEAD_TOKEN || ['hank', 'adam'].includes(tokenOrUsername) ? ['HEAD-01'] : null;
}

function authenticationInMemory(): Authentication {
  const scopes = new Map<string, readonly string[]>([
    [READ_TOKEN, ['read']],
    [OPERATE_TOKEN, ['read', 'operate', 'reidentify', 'audit', 'destroy-keys']],
    [IDLE_TOKEN, []],
    [AUDIT_TOKEN, ['read', 'audit']],
    [HEAD_TOKEN, ['read', 'operate', 'reidentify', 'audit', 'destroy-keys']],
  ]);
  const roles = new Map([
    [USERNAME, 'administrator'],
    ['olga', 'auditor'],
    ['tina', 'trial-coordinator'],
    ['rita', 'reviewer'],
    ['lea', 'reidentifier'],
    ['max', 'reidentifier'],
    ['hank', 'trial-coordinator'],
    ['adam', 'administrator'],
  ]);
  const open = new Map<string, string>();
  const links = new Map([[ONE_TIME_TOKEN, USERNAME]]);
  const signInAs = (username: string) => {
    const sessionToken = `secret-${open.size}-${username}`;
    open.set(sessionToken, username);
    return { sessionToken, username, role: roles.get(username) ?? '' };
  };
  return {
    verifyApiToken: async (token) => {
      const found = scopes.get(token);
      return found === undefined ? null : { name: 'script', scopes: found, projects: projectsOf(token) };
    },
    signIn: async (username, password) => (roles.has(username) && password === PASSWORD ? signInAs(username) : null),
    redeemLink: async (token) => {
      const username = links.get(token);
      links.delete(token);
      return username === undefined ? null : signInAs(username);
    },
    session: async (token) => {
      const username = open.get(token);
      return username === undefined
        ? null
        : { username, role: roles.get(username) ?? '', projects: projectsOf(username) };
    },
    signOut: async (token) => {
      open.delete(token);
    },
  };
}

export interface AuditedReading {
  readonly what: string;
  readonly of: string;
  readonly by: string;
}

/** Two projects; the second has a session under way. */
function projectsInMemory(): ProjectDesk {
  const project = (name: string, reversible: boolean, openSessions: number, keyGeneration = 1): ProjectView => ({
    ...{ name, reversible, openSessions, keyGeneration, subjects: 3, receiver: 'archive', provisioned: true },
    kind: reversible ? 'clinical-trial' : 'teaching-file',
  });
  let projects = [project('Dr.Jost teaching file', false, 0), project('HEAD-01', true, 1)];
  return {
    list: async () => projects,
    destroyKey: async (name) => {
      const found = projects.find((each) => each.name === name);
      if (found === undefined) throw cannot('UNKNOWN_PROJECT', 'there is no project of that name');
      if (found.openSessions > 0) throw cannot('SESSIONS_UNDER_WAY', '1 sessions of the project have not ended');
      projects = [
        project(name, found.reversible, 0, found.keyGeneration + 1),
        ...projects.filter((each) => each !== found),
      ];
      return { project: name, subjects: 3, uids: 0, sessions: 1, keyGeneration: found.keyGeneration + 1 };
    },
  };
}

/** Two events, and what was told of those who looked. */
function auditInMemory(audited: AuditedReading[]): AuditDesk {
  const line = (id: number): AuditEventLine => ({
    id,
    at: ago(60 * id),
    event: id === 1 ? 'export-finished' : 'session-cancelled',
    eventID: id === 1 ? { code: '110106', meaning: 'Export' } : { code: '110113', meaning: 'Security Alert' },
    action: id === 1 ? 'R' : 'E',
    outcome: id === 1 ? 8 : 0,
    actor: id === 1 ? { kind: 'system', name: 'export-manager' } : { kind: 'person', name: USERNAME },
    session: sessionId(1),
    project: id === 1 ? 'Dr.Jost teaching file' : 'HEAD-01',
    sentAt: null,
  });
  return {
    list: async ({ limit, cursor, event, projects }) =>
      pageOf(
        [line(2), line(1)]
          .filter((one) => event === undefined || one.event === event)
          .filter((one) => projects?.includes(one.project ?? '') ?? true),
        limit,
        cursor,
      ),
    message: async (id, actor, projects) => {
      if (id > 2 || projects?.includes(line(id).project ?? '') === false) return null;
      audited.push({ what: 'message', of: String(id), by: actor.name });
      return '<AuditMessage/>';
    },
    shown: async (of, actor, what) => void audited.push({ what, of, by: actor.name }),
  };
}

export function sessionTokenOf(signIn: Awaited<ReturnType<Authentication['signIn']>>): string {
  return signIn !== null && 'sessionToken' in signIn ? signIn.sessionToken : '';
}

/** The shipped app over a small world of its own. */
export function exportsInMemory(
  change: { readonly publicUrl?: string; readonly signIn?: Authentication['signIn'] } = {},
) {
  const held: Held = {
    sessions: [],
    instances: new Map(),
    missing: new Map(),
    changes: new Map(),
    events: new Map(),
    receipts: new Map(),
    findings: new Map(),
    polls: [{ imageSource: 'pacs', lastPolledAt: ago(4), error: null }],
    ready: async () => true,
  };
  const deeds: Deed[] = [];
  const logLines: string[] = [];
  const audited: AuditedReading[] = [];
  const told: AuditEvent[] = [];
  let answer: ActionResult = { result: 'done' };
  const act = (action: SessionAction) => async (id: string, actor: Actor) => {
    deeds.push({ action, sessionId: id, actor });
    return answer;
  };
  const read = readModelsOver(held);
  const deps: AppDeps = {
    read,
    projectsServing: () => ['Dr.Jost teaching file', 'HEAD-01'],
    actions: {
      retry: act('retry'),
      resend: act('resend'),
      approve: act('approve'),
      cancel: act('cancel'),
      assign: async (id, project, actor) => {
        deeds.push({ action: 'assign', sessionId: id, actor, said: project });
        return answer;
      },
      release: async (id, reason, actor) => {
        deeds.push({ action: 'release', sessionId: id, actor, said: reason });
        return answer;
      },
    },
    review: reviewInMemory(held),
    information: informationInMemory(held),
    subjects: {
      timePointsOf: () => [],
      list: async () => null,
      ofSession: async () => null,
      give: async () => ({ refused: 'UNKNOWN_PROJECT', sessions: [] }),
      replace: async () => ({ refused: 'UNKNOWN_PROJECT', sessions: [] }),
      merge: async () => ({ refused: 'UNKNOWN_PROJECT', sessions: [] }),
      giveTimePoint: async () => ({ refused: 'UNKNOWN_SESSION', sessions: [] }),
      import: async () => null,
    },
    authentication: {
      ...authenticationInMemory(),
      ...(change.signIn === undefined ? {} : { signIn: change.signIn }),
    },
    audit: auditInMemory(audited),
    accounts: accountsInMemory(),
    reidentification: reidentificationInMemory(told),
    projects: projectsInMemory(),
    storeInstances: async () => ({ answered: true, status: 200, dataSet: {} }),
    publicUrl: change.publicUrl ?? 'http://localhost:8080',
    version: '0.1.0',
    log: createLog('debug', { write: (line: string) => logLines.push(line) }),
    now: () => NOW,
  };
  return {
    held,
    deps,
    deeds,
    audited,
    told,
    logLines,
    read,
    app: createApp(deps),
    answerActionsWith: (result: ActionResult) => {
      answer = result;
    },
  };
}

function informationInMemory(held: Held): AppDeps['information'] {
  const written = new Map<string, NonNullable<Awaited<ReturnType<AppDeps['information']['written']>>>>();
  return {
    written: async (id) => written.get(id) ?? null,
    write: async (id, information, actor) => {
      const state = held.sessions.find((session) => session.id === id)?.state;
      if (state === undefined) return { result: 'unknown-session' };
      if (state === 'completed') {
        return { result: 'refused', reason: { code: 'NOT_IN_THIS_STATE', message: 'the set has left' } };
      }
      if (information === null) written.delete(id);
      else {
        const [SeriesInstanceUID, SOPInstanceUID] = ['2.25.1', '2.25.2'];
        written.set(id, { information, SeriesInstanceUID, SOPInstanceUID, writtenBy: actor.name, writtenAt: NOW });
      }
      return { result: 'done' };
    },
  };
}

export type ExportsInMemory = ReturnType<typeof exportsInMemory>;
