import fc from 'fast-check';
import { ProjectKey } from '../../src/pseudonymization/project-key';

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const uids = fc
  .array(fc.oneof(fc.constant('0'), fc.integer({ min: 1, max: 999_999 }).map(String)), { minLength: 2, maxLength: 9 })
  .map((parts) => `1.${parts.join('.')}`);

test('every derived UID is valid: digits and dots, no leading zero, at most 44 characters', () => {
  fc.assert(
    fc.property(keys, uids, (bytes, source) => {
      const uid = ProjectKey.of(bytes).uid(source);
      expect(uid).toMatch(/^2\.25\.(0|[1-9][0-9]{0,38})$/);
      expect(BigInt(uid.slice(5)) < 1n << 128n).toBe(true);
    }),
  );
});

test('the same key and source give the same UID on every machine and in every run', () => {
  fc.assert(
    fc.property(keys, uids, (bytes, source) => {
      expect(ProjectKey.of(bytes).uid(source)).toBe(ProjectKey.of(bytes.slice()).uid(`${source}\0`));
    }),
  );
});

test('different keys give different UIDs and different patient codes', () => {
  fc.assert(
    fc.property(keys, keys, uids, (one, other, source) => {
      fc.pre(Buffer.compare(one, other) !== 0);
      expect(ProjectKey.of(one).uid(source)).not.toBe(ProjectKey.of(other).uid(source));
      expect(ProjectKey.of(one).patientCode(source, '')).not.toBe(ProjectKey.of(other).patientCode(source, ''));
    }),
  );
});

test('different sources give different UIDs', () => {
  fc.assert(
    fc.property(keys, uids, uids, (bytes, one, other) => {
      fc.pre(one !== other);
      const key = ProjectKey.of(bytes);
      expect(key.uid(one)).not.toBe(key.uid(other));
    }),
  );
});
