import { counted, syslogMessage } from '../../../src/syslog/syslog-message';

const ORIGIN = { host: 'em.example.org', application: 'tce-export', processID: '4711' };
const AT = new Date('2026-01-31T09:15:00.000Z');

describe('a syslog message', () => {
  test('has the header of RFC 5424, no structured data, and the text behind a byte order mark', () => {
    expect(syslogMessage({ at: AT, text: '<AuditMessage/>' }, ORIGIN).toString('utf8')).toBe(
      '<85>1 2026-01-31T09:15:00.000Z em.example.org tce-export 4711 DICOM+RFC3881 - \ufeff<AuditMessage/>',
    );
  });

  test('takes from host and application only what a header may hold, and says - where nothing is left', () => {
    const odd = { host: 'Büro PC', application: '', processID: 'a'.repeat(200) };
    const [, , host, application, processID] = syslogMessage({ at: AT, text: '' }, odd).toString('utf8').split(' ');
    expect(host).toBe('B_ro_PC');
    expect(application).toBe('-');
    expect(processID).toHaveLength(128);
  });

  test('is preceded by its length in octets, not in characters', () => {
    expect(counted(Buffer.from('ä€', 'utf8')).toString('utf8')).toBe('5 ä€');
  });
});
