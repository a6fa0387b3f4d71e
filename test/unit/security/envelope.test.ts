import { DataKey, MasterKey } from '../../../src/security/envelope';

const key = DataKey.of(new Uint8Array(32).fill(1));
const other = DataKey.of(new Uint8Array(32).fill(2));
const context = { table: 'subject', column: 'patient', row: '1' };
const plain = Buffer.from('Fakeperson^Planted');

describe('a sealed value', () => {
  test('opens where it was sealed', () => {
    expect(key.open(key.seal(plain, context), context)).toEqual(plain);
    expect(key.open(key.seal(Buffer.alloc(0), context), context)).toHaveLength(0);
  });

  test('shows nothing of what it holds, and is another one each time', () => {
    const [first, second] = [key.seal(plain, context), key.seal(plain, context)];
    expect(first.includes('Fakeperson')).toBe(false);
    expect(first.equals(second)).toBe(false);
  });

  test.each([
    ['table', { ...context, table: 'project' }],
    ['column', { ...context, column: 'source' }],
    ['row', { ...context, row: '2' }],
    ['column and row run together', { table: 'subject', column: 'patient","1', row: '' }],
  ])('does not open in another %s', (_what, elsewhere) => {
    const sealed = key.seal(plain, context);
    expect(() => key.open(sealed, elsewhere)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
  });

  test('does not open once any of its bytes was changed, or with another key', () => {
    const sealed = key.seal(plain, context);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => key.open(changed, context)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
      expect(() => key.open(sealed.subarray(0, at), context)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
    }
    expect(() => other.open(sealed, context)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
  });

  test('does not say in its error what it holds', () => {
    try {
      other.open(key.seal(plain, context), context);
    } catch (error) {
      expect(String(error)).not.toContain('Fakeperson');
    }
  });
});

describe('a blind index', () => {
  test('finds equal values of one domain and key, and no others', () => {
    expect(key.blindIndex('uid', '1.2.3')).toEqual(key.blindIndex('uid', '1.2.3'));
    expect(key.blindIndex('uid', '1.2.3')).toHaveLength(32);
    expect(key.blindIndex('uid', '1.2.3')).not.toEqual(key.blindIndex('uid', '1.2.4'));
    expect(key.blindIndex('uid', '1.2.3')).not.toEqual(key.blindIndex('patient', '1.2.3'));
    expect(key.blindIndex('uid', '1.2.3')).not.toEqual(other.blindIndex('uid', '1.2.3'));
  });
});

describe('the master key', () => {
  test('unwraps what it wrapped, and nothing that another one did', () => {
    const [mine, theirs] = [MasterKey.of(new Uint8Array(32).fill(3)), MasterKey.of(new Uint8Array(32).fill(4))];
    const fresh = mine.newKey();
    expect(fresh).toHaveLength(32);
    const wrapped = mine.wrap(fresh, context);
    expect(mine.unwrap(wrapped, context)).toEqual(fresh);
    expect(() => theirs.unwrap(wrapped, context)).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }));
  });

  test('is refused at any other length than 32 bytes', () => {
    expect(() => MasterKey.of(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'BAD_KEY' }));
    expect(() => DataKey.of(new Uint8Array(33))).toThrow(expect.objectContaining({ code: 'BAD_KEY' }));
  });
});
