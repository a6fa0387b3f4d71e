import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DicomwebImageSource } from '../../../src/dicomweb/image-source';
import { program, suiteNeeding } from '../../support/suites';

suiteNeeding(program('openssl'), 'DICOMweb client over TLS', () => {
  const { signal } = new AbortController();
  let directory: string;
  let server: Server;
  let ca: string;
  let port: number;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tce-tls-'));
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const out = ['-keyout', key, '-out', cert, '-days', '2', '-nodes'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', ...subject, ...out], { stdio: 'ignore' });
    ca = readFileSync(cert, 'utf8');
    server = createServer({ key: readFileSync(key), cert: ca }, (_request, response) => {
      response.setHeader('Content-Type', 'application/dicom+json').end('[]');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true, force: true });
  });

  async function probe(host: string, trusted?: string) {
    const source = new DicomwebImageSource({ name: 'pacs', url: `https://${host}:${port}/`, ca: trusted });
    try {
      return await source.probe(signal);
    } finally {
      await source.close();
    }
  }

  test('trusts the certificate authority that it is given', async () => {
    expect(await probe('localhost', ca)).toEqual({ ok: true });
  });

  test('says what is wrong with a certificate that nobody vouches for, and with another host name', async () => {
    for (const [host, trusted] of [
      ['localhost', undefined],
      ['127.0.0.1', ca],
    ] as const) {
      const result = await probe(host, trusted);
      expect(result).toMatchObject({ ok: false, code: 'PEER_UNREACHABLE' });
      expect(result).toMatchObject({
        message: expect.stringContaining('TLS'),
        remedy: expect.stringContaining('caFile'),
      });
    }
  });
});
