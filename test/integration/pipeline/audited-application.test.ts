import { Database, rows } from '../../../src/store/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { ServerUnderTest } from '../../support/server';

describe('the audit trail of the program', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('has its first configuration, its start and its stop', async () => {
    const server = new ServerUnderTest({
      databaseUrl: database.url,
      imageSources: [],
      receivers: [],
      projects: [],
    });
    await server.start();
    await server.stop();
    const opened = new Database(database.url);
    const found = await rows<{ event: string; event_id: string; actor_kind: string }>(
      opened.knex,
      'SELECT event, event_id, actor_kind FROM audit_event ORDER BY id',
    ).finally(() => opened.close());
    expect(found.map(({ event, event_id, actor_kind }) => `${event} ${event_id} ${actor_kind}`)).toEqual([
      'configuration-changed 110113 system',
      'application-started 110100 system',
      'application-stopped 110100 system',
    ]);
  });
});
