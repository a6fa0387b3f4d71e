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
});
