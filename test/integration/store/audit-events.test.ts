import type { AuditEvent } from '../../../src/audit/audit-event';
import { rows } from '../../../src/store/database';
import { createTestStore, type TestStore } from '../../support/database';

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

const ADA = { kind: 'person', name: 'ada' } as const;

function exported(patient: string): AuditEvent {
  return {
    event: 'export-finished',
    actor: { kind: 'system', name: 'export-manager' },
    session: '00000000-0000-4000-8000-000000000001',
    project: 'teaching',
    patients: [patient],
    studies: [{ StudyInstanceUID: '1.2.999.4711', SOPClasses: [{ UID: '1.2.840.10008.5.1.4.1.1.2', instances: 3 }] }],
  };
}

describe('the audit trail', () => {
  test('lists events newest first, in pages, without what their messages name', async () => {
    await store.audit.record([exported('FAKE-0815')]);
    await store.audit.record([
      { event: 'session-cancelled', actor: ADA, session: '00000000-0000-4000-8000-000000000001' },
    ]);
    const first = await store.audit.list({ limit: 1 });
    expect(first.items).toEqual([
      {
        id: expect.any(Number),
        at: expect.any(Date),
        event: 'session-cancelled',
        eventID: { code: '110113', meaning: 'Security Alert' },
        action: 'E',
        outcome: 0,
        actor: ADA,
        session: '00000000-0000-4000-8000-000000000001',
        project: null,
        sentAt: null,
      },
    ]);
    const second = await store.audit.list({ limit: 1, cursor: first.nextCursor ?? '' });
    expect(second.items[0]).toMatchObject({ event: 'export-finished', project: 'teaching' });
    expect(JSON.stringify([first, second])).not.toMatch(/FAKE-0815|4711/);
  });

  test('filters by event, actor, session and time', async () => {
    await store.audit.record([{ event: 'sign-in-failed', actor: { kind: 'person', name: 'mallory' }, outcome: 4 }]);
    const events = async (query: object) =>
      (await store.audit.list({ limit: 50, ...query })).items.map(({ event }) => event);
    expect(await events({ event: 'sign-in-failed' })).toEqual(['sign-in-failed']);
    expect(await events({ actor: 'mallory' })).toEqual(['sign-in-failed']);
    expect(await events({ session: '00000000-0000-4000-8000-00000000ffff' })).toEqual([]);
    expect(await events({ from: new Date(Date.now() + 3_600_000) })).toEqual([]);
    expect(await events({ to: new Date(Date.now() - 3_600_000) })).toEqual([]);
    expect((await events({ from: new Date(Date.now() - 3_600_000) })).length).toBeGreaterThan(0);
    await expect(store.audit.list({ limit: 5, cursor: 'bm90IG91cnM' })).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  });

  test('keeps the message sealed, and records who read it before it is shown', async () => {
    await store.audit.record([exported('FAKE-4712')]);
    const [line] = (await store.audit.list({ limit: 1 })).items;
    const id = line?.id ?? 0;
    const [row] = await rows<{ row: string; message: Buffer }>(
      store.database.knex,
      'SELECT audit_event::text AS row, message FROM audit_event WHERE id = ?',
      [id],
    );
    expect(row?.row).not.toContain('FAKE-4712');
    expect(row?.message.includes('FAKE-4712')).toBe(false);
    const message = await store.audit.message(id, ADA);
    expect(message).toContain('ParticipantObjectID="FAKE-4712"');
    expect((await store.audit.list({ limit: 1 })).items[0]).toMatchObject({ event: 'audit-log-used', actor: ADA });
    expect(await store.audit.message(999_999, ADA)).toBeNull();
  });

  test('is written with the deed or not at all', async () => {
    const before = (await store.audit.verify()).events;
    await expect(
      store.signIns.addLogin({
        idHash: Buffer.alloc(5),
        account: { username: 'ada', role: 'administrator', projects: null },
        credential: Buffer.alloc(32),
        formToken: 'x',
        expiresAt: new Date(Date.now() + 60_000),
      }),
    ).rejects.toThrow();
    expect((await store.audit.verify()).events).toBe(before);
  });

  test('tells of logins and of logouts that ended one', async () => {
    const idHash = Buffer.alloc(32, 7);
    const account = { username: 'olga', role: 'administrator', projects: null } as const;
    const credential = Buffer.alloc(32);
    const expiresAt = new Date(Date.now() + 60_000);
    await store.signIns.addLogin({ idHash, account, credential, formToken: 'x', expiresAt });
    await store.signIns.removeLogin(idHash);
    await store.signIns.removeLogin(idHash);
    const { items } = await store.audit.list({ limit: 10, actor: 'olga' });
    expect(items.map(({ event }) => event)).toEqual(['signed-out', 'signed-in']);
  });

  test('tells once that the configuration is another one', async () => {
    const changes = async () => (await store.audit.list({ limit: 50, event: 'configuration-changed' })).items.length;
    await store.audit.noteConfiguration({ dataDir: 'a' });
    await store.audit.noteConfiguration({ dataDir: 'a' });
    expect(await changes()).toBe(1);
    await store.audit.noteConfiguration({ dataDir: 'b' });
    expect(await changes()).toBe(2);
  });

  test.each([
    "UPDATE audit_event SET actor_name = 'nobody'",
    'DELETE FROM audit_event',
    'TRUNCATE audit_event CASCADE',
    'TRUNCATE audit_delivery',
    'DELETE FROM audit_delivery',
  ])('does not let itself be changed: %s', async (sql) => {
    await store.audit.deliver(1, async () => undefined);
    await expect(store.database.knex.raw(sql)).rejects.toMatchObject({ code: '23001' });
  });

  test('numbers the events of many at once without gaps, each chained to the one before', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, at) => store.audit.record([exported(`FAKE-${at}`), exported('F')])),
    );
    const { events, broken } = await store.audit.verify();
    expect(broken).toEqual([]);
    const [last] = (await store.audit.list({ limit: 1 })).items;
    expect(last?.id).toBe(events);
  });
});

describe('a trail that a database administrator touched', () => {
  let touched: TestStore;
  beforeAll(async () => {
    touched = await createTestStore();
    for (const patient of ['A', 'B', 'C', 'D']) await touched.audit.record([exported(`FAKE-${patient}`)]);
    await touched.database.knex.raw('ALTER TABLE audit_event DISABLE TRIGGER ALL');
  });
  afterAll(() => touched.close());

  test('is told by the chain: at the row that was changed, and behind the one that is missing', async () => {
    expect(await touched.audit.verify()).toEqual({ events: 4, broken: [] });
    await touched.database.knex.raw("UPDATE audit_event SET actor_name = 'nobody' WHERE id = 2");
    expect((await touched.audit.verify()).broken).toEqual([2]);
    await touched.database.knex.raw('DELETE FROM audit_event WHERE id = 3');
    expect((await touched.audit.verify()).broken).toEqual([2, 4]);
  });
});
