import { silentLog } from '../../../src/base/log';
import { auditRepository } from '../../../src/syslog/audit-repository';
import { freePort } from '../../support/orthanc';
import { program, suiteNeeding } from '../../support/suites';
import {
  type Certificate,
  type SyslogReceiver,
  selfSigned,
  tlsSyslogReceiver,
  udpSyslogReceiver,
} from '../../support/syslog-receiver';

const ORIGIN = { host: 'em.example.org', application: 'tce-export', processID: '1' };
const AT = new Date('2026-01-31T09:15:00.000Z');
const { signal } = new AbortController();
const message = (text: string) => ({ at: AT, text });
const texts = ({ messages }: SyslogReceiver) => messages.map((one) => one.slice(one.indexOf('\ufeff') + 1));

suiteNeeding(program('openssl'), 'the audit repository over TLS', () => {
  let certificate: Certificate;
  let receiver: SyslogReceiver | undefined;
  beforeAll(() => {
    certificate = selfSigned();
  });
  afterEach(async () => {
    await receiver?.close();
    receiver = undefined;
  });
  const repositoryAt = (port: number, more: { ca?: string; cert?: string; key?: string; host?: string } = {}) =>
    auditRepository({ host: 'localhost', port, transport: 'tls', ca: certificate.cert, ...more }, ORIGIN, silentLog);

  test('gets every message whole and in order, long ones and foreign letters too', async () => {
    receiver = await tlsSyslogReceiver(certificate);
    const sent = ['<a/>', `<b>${'ä€😀'.repeat(40_000)}</b>`, '<c/>'];
    await repositoryAt(receiver.port).send(sent.map(message), signal);
    expect(texts(receiver)).toEqual(sent);
    expect(receiver.messages[0]).toMatch(
      /^<85>1 2026-01-31T09:15:00\.000Z em\.example\.org tce-export 1 DICOM\+RFC3881 - /,
    );
  });

  test('is not believed to have them where it hangs up without the answer of one that read to the end', async () => {
    receiver = await tlsSyslogReceiver(certificate, { cutOff: (connection) => connection === 1 });
    const repository = repositoryAt(receiver.port);
    await expect(repository.send([message('<a/>')], signal)).rejects.toMatchObject({
      code: 'AUDIT_REPOSITORY_UNCONFIRMED',
      kind: 'could-not',
    });
    await repository.send([message('<a/>')], signal);
    expect(texts(receiver)).toContain('<a/>');
  });

  test('says where nobody listens', async () => {
    const port = await freePort();
    await expect(repositoryAt(port).send([message('<a/>')], signal)).rejects.toMatchObject({
      code: 'AUDIT_REPOSITORY_UNREACHABLE',
    });
  });

  test('gets nothing where nobody vouches for its certificate', async () => {
    receiver = await tlsSyslogReceiver(certificate);
    const other = selfSigned();
    await expect(repositoryAt(receiver.port, { ca: other.cert }).send([message('<a/>')], signal)).rejects.toMatchObject(
      {
        code: 'AUDIT_REPOSITORY_NOT_TRUSTED',
      },
    );
    expect(receiver.messages).toEqual([]);
  });

  test('may ask for our certificate', async () => {
    const ours = selfSigned();
    receiver = await tlsSyslogReceiver(certificate, { clientCa: ours.cert });
    await expect(repositoryAt(receiver.port).send([message('<a/>')], signal)).rejects.toMatchObject({
      kind: 'could-not',
    });
    await repositoryAt(receiver.port, ours).send([message('<b/>')], signal);
    expect(texts(receiver)).toEqual(['<b/>']);
  });

  test('is left as soon as the server stops', async () => {
    receiver = await tlsSyslogReceiver(certificate);
    await expect(repositoryAt(receiver.port).send([message('<a/>')], AbortSignal.abort())).rejects.toMatchObject({
      code: 'STOPPING',
    });
  });
});

describe('the audit repository over UDP', () => {
  test('gets one datagram a message, without a length', async () => {
    const receiver = await udpSyslogReceiver();
    try {
      const repository = auditRepository(
        { host: '127.0.0.1', port: receiver.port, transport: 'udp' },
        ORIGIN,
        silentLog,
      );
      await repository.send([message('<a/>'), message('<b>ä</b>')], signal);
      for (const until = Date.now() + 10_000; receiver.messages.length < 2 && Date.now() < until; ) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(texts(receiver)).toEqual(['<a/>', '<b>ä</b>']);
      expect(receiver.messages[0]).toMatch(/^<85>1 /);
    } finally {
      await receiver.close();
    }
  });
});
