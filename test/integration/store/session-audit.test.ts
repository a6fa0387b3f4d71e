import { createTestStore, type TestStore } from '../../support/database';
import { fakeSelection, newSession, planned, provisionedProject } from '../../support/selections';

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

describe('what becomes of a session', () => {
  test('is told stage by stage: what came, what was read, what went, what did not, and by whom it was taken up', async () => {
    const project = await provisionedProject(store);
    const id = (await store.sessions.open(newSession(fakeSelection('1.2.999.1', 3), project))) ?? '';
    await store.sessions.recordPlanned(id, [planned(0), planned(1), planned(2)]);
    await store.sessions.move(id, { from: 'planning', to: 'queued', event: 'checked', error: null, next: 0 });
    await store.sessions.move(id, { from: 'queued', to: 'exporting', event: 'sending begins', error: null });
    await store.sessions.recordDelivered(id, [{ ordinal: 0, status: 200, warningReason: null }]);
    const error = { code: 'RECEIVER_REFUSED_INSTANCE', message: 'refused', retryable: false };
    await store.sessions.move(id, { from: 'exporting', to: 'failed', event: 'failed', error });
    const ada = store.sessionsAs({ kind: 'person', name: 'ada' });
    await ada.move(id, { from: 'failed', to: 'planning', event: 'taken up again', error: null });

    const { items } = await store.audit.list({ limit: 50, session: id });
    expect([...items].reverse().map(({ event, outcome, actor }) => [event, outcome, actor.name])).toEqual([
      ['selection-received', 0, 'export-manager'],
      ['instances-queried', 0, 'export-manager'],
      ['instances-retrieved', 0, 'export-manager'],
      ['instances-accessed', 0, 'export-manager'],
      ['instances-deidentified', 0, 'export-manager'],
      ['instances-retrieved', 0, 'export-manager'],
      ['export-finished', 0, 'export-manager'],
      ['export-finished', 4, 'export-manager'],
      ['session-retried', 0, 'ada'],
    ]);
    // The newest first: two that failed, then the one that the Receiver keeps.
    const messages = await Promise.all(
      items
        .filter(({ event }) => event === 'export-finished')
        .map((line) => store.audit.message(line.id, { kind: 'person', name: 'olga' })),
    );
    expect(messages.map((message) => /NumberOfInstances="(\d+)"/.exec(message ?? '')?.[1])).toEqual(['2', '1']);
    for (const message of messages) {
      expect(message).toContain('ParticipantObjectID="1.2.999.1.1"');
      expect(message).toContain('ParticipantObjectID="FAKE-0815"');
      expect(message).toContain('<Anonymized>true</Anonymized>');
    }
  });

  const told = async (session: string) => {
    const { items } = await store.audit.list({ limit: 50, session });
    return [...items].reverse().map(({ event, actor }) => `${event} ${actor.kind} ${actor.name}`);
  };

  test('is told of one that another selection replaced, one that was withdrawn and one that was rejected', async () => {
    const project = await provisionedProject(store);
    const first = (await store.sessions.open(newSession(fakeSelection('1.2.999.21'), project))) ?? '';
    const second =
      (await store.sessions.open(newSession(fakeSelection('1.2.999.22'), project, { replaces: first }))) ?? '';
    expect((await told(first)).at(-1)).toBe('session-superseded system export-manager');
    await store.sessions.withdraw(second);
    expect((await told(second)).at(-1)).toBe('session-superseded system export-manager');
    const third = (await store.sessions.open(newSession(fakeSelection('1.2.999.23'), project))) ?? '';
    const error = { code: 'REJECTED_IN_SOURCE', message: 'rejected', retryable: false };
    await store.sessions.rejectSelection(third, ['planning'], error);
    expect((await told(third)).at(-1)).toBe('session-rejected system export-manager');
    expect((await store.audit.list({ limit: 1, session: third })).items[0]?.project).toBe('teaching');
  });

  test('is told of a selection that was given to a project, released and sent again, by whom', async () => {
    const project = await provisionedProject(store);
    const ada = store.sessionsAs({ kind: 'person', name: 'ada' });
    const given = newSession(fakeSelection('1.2.999.31'), null, { state: 'received' });
    const id = (await store.sessions.open(given)) ?? '';
    await ada.assign(id, { project, disposition: null, to: 'delayed', event: 'assigned' });
    await ada.release(id, { from: 'delayed', event: 'released' });
    const sent = { edition: '2026d', event: 'delivered', error: null };
    await store.sessions.move(id, { from: 'planning', to: 'completed', ...sent });
    await store.sessionsAs({ kind: 'token', name: 'ci' }).resend(id, { from: 'completed', event: 'sent again' });
    const deeds = (await told(id)).filter((line) => line.startsWith('session-'));
    expect(deeds).toEqual(['session-assigned person ada', 'session-released person ada', 'session-resent token ci']);
  });

  test('is told of what was decided and approved, by whom, without the text; and of a decision taken back', async () => {
    const project = await provisionedProject(store);
    const id = (await store.sessions.open(newSession(fakeSelection('1.2.999.41'), project))) ?? '';
    const text = { text: 'Fakeperson at the window', unknown: ['window'], proposal: 'at the window' };
    const finding = { kind: 'text', reason: 'X', paths: ['(0008,1030)'], instances: 1, text, pixels: null } as const;
    await store.sessions.recordFindings(id, project.id, [finding], []);
    await store.sessions.move(id, { from: 'planning', to: 'review', event: 'review', error: null });
    const desk = store.reviewAs({ kind: 'token', name: 'ci' });
    const [open] = await desk.openFindings(id);
    expect(await desk.decide(id, open?.id ?? '', { decision: 'keep' }, 'ci')).toBe('done');
    expect(await desk.decide(id, open?.id ?? '', { decision: 'keep' }, 'ci')).toBe('already-decided');
    await store.review.approve(id, 'ada');
    const deeds = (await told(id)).filter((line) => /decided|approved/.test(line));
    expect(deeds).toEqual(['finding-decided token ci', 'session-approved person ada']);

    const [decision] = (await desk.decisionsOf('teaching')) ?? [];
    expect(await desk.revoke('teaching', decision?.id ?? '', 'ci')).toBe(true);
    expect(await desk.revoke('teaching', decision?.id ?? '', 'ci')).toBe(false);
    const { items } = await store.audit.list({ limit: 5, event: 'decision-revoked' });
    expect(items).toMatchObject([{ actor: { kind: 'token', name: 'ci' }, project: 'teaching' }]);
    const [line] = (await store.audit.list({ limit: 1, event: 'finding-decided' })).items;
    const message = await store.audit.message(line?.id ?? 0, { kind: 'person', name: 'olga' });
    expect(message).not.toContain('window');
    expect(message).not.toContain(Buffer.from('window').toString('base64').slice(0, 6));
  });
});

describe('a peer that is not trusted', () => {
  const failure = { code: 'PEER_UNREACHABLE', retryable: true };
  const message = 'pacs: search (QIDO-RS): no trusted TLS connection (CERT_HAS_EXPIRED).';

  test('is told once, however often it is polled, and again after it was trusted', async () => {
    const count = async () => (await store.audit.list({ limit: 50, event: 'node-authentication-failed' })).items.length;
    const before = await count();
    await store.polls.record('pacs', { ...failure, message });
    await store.polls.record('pacs', { ...failure, message });
    expect(await count()).toBe(before + 1);
    await store.polls.record('pacs', null);
    await store.polls.record('pacs', { ...failure, message });
    expect(await count()).toBe(before + 2);
    await store.polls.record('pacs', { ...failure, message: 'pacs: search (QIDO-RS) got no answer in time.' });
    expect(await count()).toBe(before + 2);
  });

  test('is the Receiver where the sending failed', async () => {
    const project = await provisionedProject(store);
    const id = (await store.sessions.open(newSession(fakeSelection('1.2.999.51'), project))) ?? '';
    await store.sessions.move(id, { from: 'planning', to: 'exporting', event: 'sending begins', error: null });
    const error = { ...failure, message: `${project.receiver}: store (STOW-RS): no trusted TLS connection (X).` };
    await store.sessions.move(id, { from: 'exporting', to: 'exporting', event: 'tried again', error });
    const [line] = (await store.audit.list({ limit: 1, session: id, event: 'node-authentication-failed' })).items;
    const text = await store.audit.message(line?.id ?? 0, { kind: 'person', name: 'olga' });
    expect(text).toContain(`ParticipantObjectID="${project.receiver}"`);
  });
});
