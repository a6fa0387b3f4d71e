import type { AuditEvent } from '../../../src/audit/audit-event';
import { type RegisteredPatient, Reidentification, type WaitingRequest } from '../../../src/register/reidentification';
import { type AccountLine, type AccountRecords, Accounts, type ApiTokenLine } from '../../../src/security/accounts';
import type { ReidentificationDesk } from '../../../src/web/reidentification';

export const REGISTERED: RegisteredPatient = {
  PatientID: 'FAKE-0815',
  IssuerOfPatientID: 'FAKE-HOSPITAL',
  PatientName: 'Fakeperson^Planted',
  PatientBirthDate: '19700101',
  PatientSex: 'O',
};
export const REGISTERED_STUDY = '1.2.999.77.1';

/** Of the project HEAD-01: S-0001 and 2.25.1. TWO-01 asks for two people; the teaching file keeps nothing. */
export function reidentificationInMemory(told: AuditEvent[]): ReidentificationDesk {
  let waiting: WaitingRequest[] = [];
  let count = 0;
  const found = {
    found: 'patient' as const,
    patient: REGISTERED,
    mergedWith: [],
    pseudonym: 'S-0001',
    studies: [{ StudyInstanceUID: REGISTERED_STUDY, sentAs: '2.25.1', imageSource: 'pacs' }],
  };
  const isThere = (project: string) => project === 'HEAD-01' || project === 'TWO-01';
  const desk = new Reidentification({
    register: {
      project: async (name) =>
        isThere(name) || name === 'Dr.Jost teaching file' ? { id: name, reversible: isThere(name) } : null,
      byPatientID: async (_project, id) => (id === 'S-0001' ? { ...found, uid: null } : null),
      byUID: async (_project, uid) =>
        uid === '2.25.1'
          ? { ...found, uid: { kind: 'study', source: REGISTERED_STUDY, study: REGISTERED_STUDY } }
          : null,
    },
    requests: {
      add: async ({ projectId: project, actor, waits }) => {
        count += 1;
        const id = `request-${count}`;
        const common = { id, project, actor, askedAt: new Date('2026-03-04T05:00:00.000Z'), decidedBy: null };
        if (waits !== undefined) waiting.push({ ...common, state: 'pending', request: waits });
        return id;
      },
      waiting: async (projects) => waiting.filter(({ project }) => projects?.includes(project) ?? true),
      decide: async (id, approved, by) => {
        const decided = waiting.filter((each) => each.id === id);
        waiting = waiting.filter((each) => each.id !== id);
        if (approved) {
          waiting.push(...decided.map((each) => ({ ...each, state: 'approved' as const, decidedBy: by.name })));
        }
        return decided.length > 0;
      },
      answered: async (id) => {
        const before = waiting.length;
        waiting = waiting.filter((each) => each.id !== id);
        return waiting.length < before;
      },
    },
    record: async (events) => void told.push(...events),
    needsTwo: (project) => project === 'TWO-01',
    viewer: () => 'https://pacs.test/?study={StudyInstanceUID}',
  });
  return Object.assign(desk, { projects: () => ['Dr.Jost teaching file', 'HEAD-01', 'TWO-01'] });
}

export function accountsInMemory(): Accounts {
  const people = new Map<string, AccountLine & { passwordHash: string }>();
  const tokens = new Map<string, ApiTokenLine>();
  const createdAt = new Date('2026-03-01T05:00:00.000Z');
  const change = (username: string, more: Partial<AccountLine & { passwordHash: string }>) => {
    const known = people.get(username);
    if (known !== undefined) people.set(username, { ...known, ...more });
    return known !== undefined;
  };
  const records: AccountRecords = {
    accounts: async () => [...people.values()],
    account: async (username) => people.get(username) ?? null,
    addAccount: async (account, createdBy) => {
      if (people.has(account.username)) return false;
      people.set(account.username, { ...account, createdBy, createdAt, disabledAt: null });
      return true;
    },
    setPassword: async (username, passwordHash) => change(username, { passwordHash }),
    setDisabled: async (username, disabled) => change(username, { disabledAt: disabled ? createdAt : null }),
    tokens: async () => [...tokens.values()],
    addToken: async ({ name, scopes, projects }, createdBy) => {
      tokens.set(name, { id: `token-${name}`, name, scopes, projects, createdBy, createdAt, revokedAt: null });
      return true;
    },
    revokeToken: async (id) => {
      const token = [...tokens.values()].find((each) => each.id === id);
      if (token !== undefined) tokens.set(token.name, { ...token, revokedAt: createdAt });
      return token !== undefined;
    },
  };
  return new Accounts(records, { usernames: ['ada', 'administrator'], tokens: [] });
}
