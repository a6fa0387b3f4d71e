import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DicomJson, toDicomJson } from '../dicom/dicom-json';
import { parseAccept } from '../dicomweb/media-type';
import { newBoundary } from '../dicomweb/multipart';
import { fileChunks, type IndexedInstance, readHeader } from './instance-index';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** How the instances asked for may be sent; undefined where the client accepts no form that is offered. */
interface Form {
  readonly multipart: boolean;
  accepts(transferSyntaxUID: string): boolean;
}

/** PS3.18 8.7.3.5: without a transfer-syntax parameter it is Explicit VR Little Endian that is asked for. */
function formsOf(accept: string | undefined): readonly Form[] {
  const ranges = parseAccept(accept);
  if (ranges.length === 0) {
    return [{ multipart: true, accepts: () => true }];
  }
  const forms: Form[] = [];
  for (const { essence, parameters } of ranges) {
    const syntax = parameters.get('transfer-syntax') ?? EXPLICIT_VR_LITTLE_ENDIAN;
    const accepts = (uid: string) => syntax === '*' || syntax === uid;
    const type = parameters.get('type')?.toLowerCase() ?? 'application/dicom';
    if (essence === '*/*') {
      forms.push({ multipart: true, accepts: () => true });
    } else if (essence === 'multipart/related' && (type === 'application/dicom' || type === '*/*')) {
      forms.push({ multipart: true, accepts });
    } else if (essence === 'application/dicom') {
      forms.push({ multipart: false, accepts });
    }
  }
  return forms;
}

/** WADO-RS (PS3.18 10.4): the files as they are stored; nothing is ever transcoded. */
export async function sendInstances(
  instances: readonly IndexedInstance[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const form = formsOf(request.headers.accept).find(
    ({ multipart, accepts }) =>
      (multipart || instances.length === 1) && instances.every(({ transferSyntaxUID }) => accepts(transferSyntaxUID)),
  );
  if (form === undefined) {
    response.writeHead(406, { 'Content-Type': 'text/plain' });
    response.end(
      'Instances are offered as they are stored: multipart/related; type="application/dicom"; transfer-syntax=*\n',
    );
    return;
  }
  // Sizes as they are now; a file that has gone since it was indexed is an error before the first byte is sent.
  const sizes = await Promise.all(instances.map(async ({ path }) => (await stat(path)).size));
  if (!form.multipart) {
    const { transferSyntaxUID, path } = instances[0]!;
    response.writeHead(200, {
      'Content-Type': `application/dicom; transfer-syntax=${transferSyntaxUID}`,
      'Content-Length': sizes[0],
    });
    await sendFile(path, response);
    response.end();
    return;
  }
  const boundary = newBoundary();
  const heads = instances.map(({ transferSyntaxUID }, n) =>
    Buffer.from(
      `${n === 0 ? '' : '\r\n'}--${boundary}\r\n` +
        `Content-Type: application/dicom; transfer-syntax=${transferSyntaxUID}\r\n` +
        `Content-Length: ${sizes[n]}\r\n\r\n`,
      'latin1',
    ),
  );
  const end = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
  const length = sizes.reduce((sum, size, n) => sum + size + heads[n]!.length, end.length);
  response.writeHead(200, {
    'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
    'Content-Length': length,
  });
  for (const [n, { path }] of instances.entries()) {
    response.write(heads[n]!);
    await sendFile(path, response);
  }
  response.end(end);
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  for await (const chunk of fileChunks(path)) {
    if (response.destroyed) {
      throw new ClientGone();
    }
    if (!response.write(chunk)) {
      await drained(response);
    }
  }
}

/** Settles when more may be written, or nothing ever again. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle);
      response.off('close', settle);
      resolve();
    };
    response.on('drain', settle);
    response.on('close', settle);
  });
}

/** Nobody is left to answer. */
export class ClientGone extends Error {}

/** `/metadata` (PS3.18 10.4.1.1.2): every attribute but bulk data and values over 64 KiB. */
export async function metadataOf(instances: readonly IndexedInstance[]): Promise<readonly DicomJson[]> {
  const all: DicomJson[] = [];
  for (const { path } of instances) {
    const { header } = await readHeader(path);
    all.push(toDicomJson(header.withElements(header.elements.filter((element) => !element.elided))));
  }
  return all;
}
