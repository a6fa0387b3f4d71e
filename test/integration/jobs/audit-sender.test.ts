import type { AuditEvent } from '../../../src/audit/audit-event';
import { silentLog } from '../../../src/base/log';
import { sendAuditEvents } from '../../../src/jobs/audit-sender';
import { auditRepository } from '../../../src/syslog/audit-repository';
import { createTestStore, type TestStore } from '../../support/database';
import { freePort } from '../../support/orthanc';
import { program, suiteNeeding } from '../../support/suites';
import { type Certificate, type SyslogReceiver, selfSigned, tlsSyslogReceiver } from '../../support/syslog-receiver';

const ORIGIN = { host: 'em.example.org', application: 'tce-export', processID: '1' };

function event(number: number): AuditEvent {
  return { event: 'selection-received', actor: { kind: 'system', name: 'x' }, patients: [`FAKE-${number}`] };
}

function patients({ messages }: SyslogReceiver): string[] {
  return messages.map((message) => /ParticipantObjectID="(FAKE-\d+)"/.exec(message)?.[1] ?? '');
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `FAKE-${at}`);

async function until(fits: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await fits()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it does not come to that');
}

suiteNeeding(program('openssl'), 'sending the audit trail', () => {
  let certificate: Certificate;
  let store: TestStore;
  let stop: AbortController;
  let running: Promise<void>[] = [];
  beforeAll(() => {
    certificate = selfSigned();
  });
  beforeEach(async () => {
    store = await createTestStore();
    stop = new AbortController();
    running = [];
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(running);
    await store.close();
  });

  function send(port: number): void {
    const settings = { host: 'localhost', port, transport: 'tls' as const, ca: certificate.cert };
    const repository = auditRepository(settings, ORIGIN, silentLog);
    const parts = { outbox: store.audit, send: repository.send, log: silentLog };
    running.push(sendAuditEvents(parts, stop.signal));
  }
  const allSent = async () => (await store.audit.list({ limit: 200 })).items.every(({ sentAt }) => sentAt !== null);

  test('keeps events while the repository is down, and sends all of them in order once it is there', async () => {
    const port = await freePort();
    for (let at = 0; at < 5; at += 1) await store.audit.record([event(at)]);
    send(port);
    await store.audit.record([event(5)]);
    expect((await store.audit.list({ limit: 10 })).items.every(({ sentAt }) => sentAt === null)).toBe(true);
    const receiver = await tlsSyslogReceiver(certificate, { port });
    try {
      await until(allSent);
      expect(patients(receiver)).toEqual(numbered(6));
    } finally {
      await receiver.close();
    }
  });

  test('sends again what a repository that broke down may not have, and skips nothing', async () => {
    const receiver = await tlsSyslogReceiver(certificate, { cutOff: (connection) => connection === 1 });
    try {
      await store.audit.record([event(0), event(1), event(2)]);
      send(receiver.port);
      await until(allSent);
      expect(patients(receiver).slice(-3)).toEqual(numbered(3));
    } finally {
      await receiver.close();
    }
  });

  test('sends each event once, however many processes send', async () => {
    const receiver = await tlsSyslogReceiver(certificate);
    try {
      for (let sender = 0; sender < 3; sender += 1) send(receiver.port);
      for (let at = 0; at < 120; at += 1) await store.audit.record([event(at)]);
      await until(allSent);
      expect(patients(receiver)).toEqual(numbered(120));
    } finally {
      await receiver.close();
    }
  });
});
