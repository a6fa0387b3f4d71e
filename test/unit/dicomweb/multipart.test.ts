import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import {
  type BodyPart,
  newBoundary,
  type PartToWrite,
  readMultipart,
  writeMultipart,
} from '../../../src/dicomweb/multipart';

async function* chunked(bytes: Buffer, ...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, n = 0; at < bytes.length; n += 1) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[n % sizes.length]!);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function contentOf(part: BodyPart): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of part.bytes) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function readAll(bytes: Buffer, boundary: string, ...sizes: readonly number[]) {
  const parts: { headers: Record<string, string>; content: Buffer }[] = [];
  for await (const part of readMultipart(chunked(bytes, ...sizes), boundary, 'pacs')) {
    parts.push({ headers: Object.fromEntries(part.headers), content: await contentOf(part) });
  }
  return parts;
}

async function written(parts: Iterable<PartToWrite>, boundary: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeMultipart(parts, boundary)) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('reading a multipart body', () => {
  const body = latin1(
    '--b\r\nContent-Type: application/dicom\r\n\r\none\r\n--b\r\ncontent-TYPE:x\r\n\r\n\r\ntwo\r\n\r\n--b--\r\n',
  );

  test.each([1, 2, 3, 4, 5, 7, 11, 1000])('yields the same parts in chunks of %i bytes', async (size) => {
    const parts = await readAll(body, 'b', size);
    expect(parts).toEqual([
      { headers: { 'content-type': 'application/dicom' }, content: latin1('one') },
      { headers: { 'content-type': 'x' }, content: latin1('\r\ntwo\r\n') },
    ]);
  });

  test('keeps bytes that look like a boundary and are none', async () => {
    const content = latin1(
      '\r\n--boundar\r\n--boundaryX\r\n--boundary-\r\r\n\r\n--boundary \t x--boundary--\n--boundary\r\n',
    );
    const bytes = Buffer.concat([latin1('--boundary\r\n\r\n'), content, latin1('\r\n--boundary--')]);
    for (let size = 1; size < 40; size += 1) {
      expect((await readAll(bytes, 'boundary', size)).map((part) => part.content)).toEqual([content]);
    }
  });

  test('passes over what comes before the first boundary and after the last', async () => {
    const bytes = latin1('To whom --b it may\r\nconcern--b\r\n--b\r\n\r\nx\r\n--b-- \r\nThe end\r\n--b\r\n');
    for (let size = 1; size < 30; size += 1) {
      expect((await readAll(bytes, 'b', size)).map((part) => part.content)).toEqual([latin1('x')]);
    }
  });

  test('reads a body whose lines end with a line feed alone, and keeps its carriage returns', async () => {
    const bytes = latin1('--b\nA: 1\nB: 2\n\ndata\r\n--b\n\nmore\n--b--\n');
    for (let size = 1; size < 30; size += 1) {
      expect(await readAll(bytes, 'b', size)).toEqual([
        { headers: { a: '1', b: '2' }, content: latin1('data\r') },
        { headers: {}, content: latin1('more') },
      ]);
    }
  });

  test('reads parts without content and parts without headers', async () => {
    const bytes = latin1('--b\r\nA: 1\r\n\r\n--b\r\n\r\n\r\n--b \t\r\n\r\n--b\r\n\r\nx\r\n--b--');
    for (let size = 1; size < 30; size += 1) {
      expect((await readAll(bytes, 'b', size)).map((part) => part.content.toString())).toEqual(['', '', '', 'x']);
    }
  });

  test('does not believe the Content-Length of a part', async () => {
    const bytes = latin1(
      '--b\r\nContent-Length: 2\r\n\r\nlonger\r\n--b\r\nContent-Length: 99999\r\n\r\nx\r\n--b--\r\n',
    );
    expect((await readAll(bytes, 'b')).map((part) => part.content.toString())).toEqual(['longer', 'x']);
  });

  test('passes over the rest of a part that is not read', async () => {
    const content = Buffer.alloc(100_000, 7);
    const bytes = Buffer.concat([
      latin1('--b\r\n\r\n'),
      content,
      latin1('\r\n--b\r\n\r\n'),
      content,
      latin1('\r\n--b\r\n\r\nlast\r\n--b--'),
    ]);
    const seen: string[] = [];
    let index = 0;
    for await (const part of readMultipart(chunked(bytes, 1000), 'b', 'pacs')) {
      index += 1;
      if (index === 2) {
        await part.bytes[Symbol.asyncIterator]().next();
      } else if (index === 3) {
        seen.push((await contentOf(part)).toString());
      }
    }
    expect(seen).toEqual(['last']);
  });

  test.each([
    ['nothing at all', ''],
    ['before the first boundary', 'preamble'],
    ['inside the first boundary', '--bound'],
    ['right behind the first boundary', '--boundary'],
    ['inside the headers', '--boundary\r\nContent-Ty'],
    ['before the content', '--boundary\r\nContent-Type: x\r\n\r\n'],
    ['inside the content', '--boundary\r\n\r\ncontent'],
    ['inside the next boundary', '--boundary\r\n\r\ncontent\r\n--bou'],
    ['behind a boundary that is not the last', '--boundary\r\n\r\ncontent\r\n--boundary'],
    ['in the middle of the closing dashes', '--boundary\r\n\r\ncontent\r\n--boundary-'],
    ['between two parts', '--boundary\r\n\r\ncontent\r\n--boundary\r\n'],
  ])('says BODY_CUT_SHORT for a body that ends %s', async (_where, text) => {
    for (const size of [1, 3, 1000]) {
      await expect(readAll(latin1(text), 'boundary', size)).rejects.toMatchObject({
        code: 'BODY_CUT_SHORT',
        kind: 'could-not',
      });
    }
  });

  test('reads an empty multipart body as no parts', async () => {
    expect(await readAll(latin1('--b--\r\n'), 'b')).toEqual([]);
  });

  test('does not hold a preamble or a header without end', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        yield Buffer.alloc(10_000, 'x');
      }
    }
    async function* endlessHeader(): AsyncGenerator<Uint8Array> {
      yield latin1('--b\r\n');
      yield* endless();
    }
    for (const source of [endless(), endlessHeader()]) {
      const parts = readMultipart(source, 'b', 'pacs');
      await expect(parts.next()).rejects.toMatchObject({ code: 'PEER_NOT_DICOMWEB' });
    }
  });

  test('ends the source when its reader stops early', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yield latin1('--b\r\n\r\nx\r\n');
        }
      } finally {
        ended = true;
      }
    }
    for await (const part of readMultipart(source(), 'b', 'pacs')) {
      await contentOf(part);
      break;
    }
    expect(ended).toBe(true);
  });

  test('passes the error of the source on', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield latin1('--b\r\n\r\nabc and a little more than a boundary');
      throw new Error('broken');
    }
    const parts = readMultipart(source(), 'b', 'pacs');
    const first = await parts.next();
    await expect(contentOf(first.value!)).rejects.toThrow('broken');
  });
});

describe('writing a multipart body', () => {
  test('is read back as it was written, whatever is in it and however it arrives', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      // Made of what boundaries are made of.
      fc
        .array(fc.constantFrom('\r', '\n', '-', '--', '\r\n--', 'boundary', '\r\n--boundar', 'x'))
        .map((all) => latin1(all.join(''))),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(bytes, { maxLength: 4 }), { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
        async (contents, sizes) => {
          const boundary = `boundary${newBoundary()}`;
          const body = await written(
            contents.map((content) => ({ headers: { 'Content-Type': 'application/dicom' }, bytes: content })),
            boundary,
          );
          const parts = await readAll(body, boundary, ...sizes);
          expect(parts.map((part) => part.content)).toEqual(contents.map((content) => Buffer.concat(content)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('gathers small chunks and passes large ones on as they are', async () => {
    const large = randomBytes(200_000);
    const small = Array.from({ length: 1000 }, () => Buffer.alloc(10, 1));
    const chunks: Uint8Array[] = [];
    for await (const chunk of writeMultipart([{ headers: {}, bytes: [...small, large, ...small] }], 'b')) {
      chunks.push(chunk);
    }
    expect(chunks.length).toBe(3);
    expect(chunks[1]).toBe(large);
  });

  test('never writes the closing boundary when the bytes of a part fail', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100_000);
      throw new Error('broken');
    }
    const chunks: Uint8Array[] = [];
    await expect(
      (async () => {
        for await (const chunk of writeMultipart([{ headers: {}, bytes: failing() }], 'b')) {
          chunks.push(chunk);
        }
      })(),
    ).rejects.toThrow('broken');
    expect(Buffer.concat(chunks).includes('--b--')).toBe(false);
  });
});
