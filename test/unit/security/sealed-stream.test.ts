import { DataKey } from '../../../src/security/envelope';
import { openStream, StreamSealer } from '../../../src/security/sealed-stream';

const KEY = DataKey.of(Buffer.alloc(32, 7));
const CHUNK = 256 * 1024;

function sealed(plain: Uint8Array, pieces = 70_001, name = 'one'): Buffer[] {
  const sealer = new StreamSealer(KEY, name);
  const records: Buffer[] = [];
  for (let at = 0; at < plain.length; at += pieces) records.push(...sealer.push(plain.subarray(at, at + pieces)));
  records.push(...sealer.end());
  return records;
}

async function opened(records: readonly Uint8Array[], name = 'one', key = KEY): Promise<Buffer> {
  const bytes = Buffer.concat(records);
  let at = 0;
  const read = async (count: number): Promise<Uint8Array> => {
    const piece = bytes.subarray(at, at + count);
    at += piece.length;
    return piece;
  };
  const plain: Uint8Array[] = [];
  for await (const chunk of openStream(read, key, name)) plain.push(chunk);
  return Buffer.concat(plain);
}

function sample(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 9)) & 0xff));
}

test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17])(
  'a stream of %d bytes opens to what was sealed',
  async (length) => {
    const plain = sample(length);
    expect((await opened(sealed(plain))).equals(plain)).toBe(true);
    expect((await opened(sealed(plain, 1 + length))).equals(plain)).toBe(true);
  },
);

describe('a sealed stream does not open', () => {
  const records = sealed(sample(3 * CHUNK));
  const flipped = records.map((record, at) => {
    const copy = Buffer.from(record);
    if (at === 3) copy[1000] = (copy[1000] ?? 0) ^ 1;
    return copy;
  });
  const markedLast = records.map((record, at) => {
    const copy = Buffer.from(record);
    if (at === 0) copy[0] = (copy[0] ?? 0) | 0x80;
    return copy;
  });
  test.each([
    ['cut short within a chunk', [...records.slice(0, -1), (records.at(-1) ?? Buffer.alloc(0)).subarray(0, 100)]],
    ['cut short between two chunks', records.slice(0, 4)],
    ['empty', []],
    ['with a bit that was turned', flipped],
    ['with two chunks swapped', [...records.slice(2, 4), ...records.slice(0, 2), ...records.slice(4)]],
    ['with bytes behind its end', [...records, Buffer.from('more')]],
    ['with its first chunk said to be the last', markedLast.slice(0, 2)],
  ])('%s', async (_what, bytes) => {
    await expect(opened(bytes)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  test('under another key, or another name', async () => {
    await expect(opened(records, 'one', DataKey.of(Buffer.alloc(32, 8)))).rejects.toMatchObject({
      code: 'SEAL_BROKEN',
    });
    await expect(opened(records, 'other')).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});
