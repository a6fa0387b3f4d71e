import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basicPolicy, Deidentifier } from '../../src/deidentification/deidentifier';
import { DicomwebImageSource } from '../../src/dicomweb/image-source';
import { DicomwebReceiver } from '../../src/dicomweb/receiver';
import { ProjectKey } from '../../src/pseudonymization/project-key';
import { SAMPLE_IDENTITIES, Seed } from '../../src/sandbox/samples';
import { generateMultiframe } from '../../src/sandbox/samples/multiframe';
import { deidentifyInstance, openInstance } from '../../src/session/instance-pass';
import { verifierOf } from '../../src/verification/verifier-of';
import { type Line, round } from './line';

const FRAMES = 800;

function multiframe() {
  return generateMultiframe({
    frames: FRAMES,
    rows: 512,
    columns: 512,
    seed: new Seed('bench'),
    identity: SAMPLE_IDENTITIES[0]!,
  });
}

/** Peak memory of a process while one instance of 400 MB goes from a DICOMweb server to another. */
export async function benchMemory(): Promise<readonly Line[]> {
  const source = await serve(async (_request, response) => {
    response.setHeader('content-type', 'multipart/related; type="application/dicom"; boundary=bench');
    response.write('--bench\r\nContent-Type: application/dicom\r\n\r\n');
    for await (const chunk of multiframe()) {
      if (!response.write(chunk)) await once(response, 'drain');
    }
    response.end('\r\n--bench--\r\n');
  });
  const receiver = await serve(async (request, response) => {
    for await (const _chunk of request) {
      // kept nowhere
    }
    response.setHeader('content-type', 'application/dicom+json');
    response.end('{}');
  });
  try {
    const measured = await new Promise<{ peak: number; before: number; bytes: number }>((resolve, reject) => {
      // A process of its own: what ran before in this one would count.
      const child = fork(__filename, ['measure', source.url, receiver.url]);
      child.once('message', (message) => resolve(message as never));
      child.once('error', reject);
    });
    const peak = measured.peak / 2 ** 20;
    return [
      {
        bench: 'peak-rss-400-mb-instance',
        value: round(peak, 0),
        unit: 'MiB',
        floor: { what: 'the same process before', value: round(measured.before / 2 ** 20, 0) },
        ratio: round(measured.peak / measured.before),
        aim: '≤ 200 MiB',
        met: peak <= 200,
        note: `${round(measured.bytes / 1e6, 0)} MB, ${FRAMES} frames, WADO-RS to STOW-RS`,
      },
    ];
  } finally {
    source.close();
    receiver.close();
  }
}

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

/** A child: retrieves over HTTP, de-identifies and stores over HTTP, as the deliver stage does. */
async function measure(sourceUrl: string, receiverUrl: string): Promise<void> {
  const sample = multiframe();
  const deidentifier = new Deidentifier(basicPolicy());
  const verifier = verifierOf(basicPolicy());
  const key = ProjectKey.of(new Uint8Array(32).fill(7));
  const source = new DicomwebImageSource({ name: 'source', url: sourceUrl });
  const receiver = new DicomwebReceiver({ name: 'receiver', url: receiverUrl });
  const { signal } = new AbortController();
  const before = process.memoryUsage.rss();
  let bytes = 0;
  const resource = {
    study: sample.StudyInstanceUID,
    series: sample.SeriesInstanceUID,
    instance: sample.SOPInstanceUID,
  };
  for await (const retrieved of source.retrieve(resource, signal)) {
    const opened = await openInstance(retrieved.bytes, deidentifier);
    const pseudonyms = { PatientID: 'S-1', PatientName: 'S-1^', uid: (uid: string) => key.uid(uid) };
    const result = deidentifyInstance(opened, deidentifier, pseudonyms, verifier);
    const counted = (async function* () {
      for await (const chunk of result.bytes) {
        bytes += chunk.byteLength;
        yield chunk;
      }
    })();
    const part = {
      SOPClassUID: opened.SOPClassUID,
      SeriesInstanceUID: result.SeriesInstanceUID,
      SOPInstanceUID: result.SOPInstanceUID,
      bytes: counted,
    };
    await receiver.store(
      result.StudyInstanceUID,
      (async function* () {
        yield part;
      })(),
      signal,
    );
  }
  // The kernel's own mark: no peak between two samples can be missed.
  const peak = process.resourceUsage().maxRSS * 1024;
  process.send?.({ peak, before, bytes }, () => process.exit(0));
}

const [, , role, sourceUrl, receiverUrl] = process.argv;
if (role === 'measure' && sourceUrl !== undefined && receiverUrl !== undefined) void measure(sourceUrl, receiverUrl);
