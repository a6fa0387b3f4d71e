import { inspect } from 'node:util';
import { ProjectKey } from '../../../src/pseudonymization/project-key';

const key = ProjectKey.of(new Uint8Array(32).fill(7));
const otherKey = ProjectKey.of(new Uint8Array(32).fill(8));

describe('UIDs', () => {
  test('are the known answer for a known key', () => {
    // printf 'uid\0001.2.3' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…07, first 16 bytes in decimal
    expect(key.uid('1.2.3')).toBe('2.25.156106980995948140184147729527512321640');
  });

  test('are the same for padded and unpadded sources', () => {
    expect(key.uid('1.2.3\0')).toBe(key.uid('1.2.3'));
    expect(key.uid(' 1.2.3 ')).toBe(key.uid('1.2.3'));
  });

  test('differ between sources and between keys', () => {
    expect(key.uid('1.2.3')).not.toBe(key.uid('1.2.30'));
    expect(key.uid('1.2.3')).not.toBe(otherKey.uid('1.2.3'));
  });

  test('stay the same after many others were asked for', () => {
    const first = key.uid('1.2.3.4');
    for (let n = 0; n < 20_000; n += 1) key.uid(`1.9.${n}`);
    expect(key.uid('1.2.3.4')).toBe(first);
  });
});

describe('patient codes', () => {
  test('are P and twelve characters that can be read aloud', () => {
    expect(key.patientCode('PID-1', 'HOSPITAL-A')).toMatch(/^P[0-9A-HJKMNP-TV-Z]{12}$/);
  });

  test('tell issuers apart', () => {
    expect(key.patientCode('PID-1', 'HOSPITAL-A')).not.toBe(key.patientCode('PID-1', 'HOSPITAL-B'));
  });

  test('do not confuse the identifier with its issuer', () => {
    expect(key.patientCode('A', 'BC')).not.toBe(key.patientCode('AB', 'C'));
  });
});

describe('the key', () => {
  test('must have 32 bytes', () => {
    expect(() => ProjectKey.of(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'BAD_KEY' }));
  });

  test('gives other keys for other purposes', () => {
    expect(key.subkey('dates')).toHaveLength(32);
    expect(key.subkey('dates')).not.toEqual(key.subkey('blind-index'));
  });

  test('does not show when printed', () => {
    expect(JSON.stringify(key)).toBe('{}');
    expect(inspect(key, { depth: 5, showHidden: true })).not.toContain('07');
  });
});
