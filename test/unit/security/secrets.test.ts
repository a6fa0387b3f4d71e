import { subjectCodes } from '../../../src/register/subject-codes';
import { hashPassword, verifyPassword } from '../../../src/security/passwords';
import { ApiTokens, bearerToken, hashSecret, newSecret } from '../../../src/security/tokens';

describe('a password', () => {
  test('is known again by its hash, and no other is', async () => {
    const stored = await hashPassword('correct horse');
    expect(stored).not.toContain('correct');
    expect(await verifyPassword('correct horse', stored)).toBe(true);
    expect(await verifyPassword('correct hors', stored)).toBe(false);
  });

  test('is the same however its letters are composed', async () => {
    expect(await verifyPassword('Jose\u0301', await hashPassword('José'))).toBe(true);
  });

  test.each(['', 'plain', 'scrypt$1$8$1$AAAA$AAAA', 'scrypt$131072$8$1$AAAA$'])(
    'matches no stored text that is no hash: %p',
    async (stored) => {
      expect(await verifyPassword('x', stored)).toBe(false);
    },
  );
});

describe('an API token', () => {
  const tokens = new ApiTokens([
    { name: 'ci', scopes: ['read'], token: 'token-one' },
    { name: 'desk', scopes: ['read', 'operate'], token: 'token-two' },
  ]);

  test('says who presents it and what they may do', () => {
    expect(tokens.bearerOf('token-two')).toEqual({
      name: 'desk',
      scopes: new Set(['read', 'operate']),
      projects: null,
    });
    expect(tokens.bearerOf('token-three')).toBeNull();
    expect(tokens.bearerOf('')).toBeNull();
    expect(new ApiTokens([]).bearerOf('')).toBeNull();
  });

  test.each([
    ['Bearer abc.def-1_2~3+4/5==', 'abc.def-1_2~3+4/5=='],
    ['bearer abc', 'abc'],
    ['Basic abc', null],
    ['Bearer ', null],
    ['Bearer a b', null],
    [undefined, null],
  ])('is read from the header %p as %p', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });
});

test('secrets are long, never the same, and kept as a hash', () => {
  const secrets = new Set(Array.from({ length: 100 }, newSecret));
  expect(secrets.size).toBe(100);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(hashSecret('x')).toHaveLength(32);
});

describe('the code of a patient', () => {
  test.each([
    ['S-{0000}', 7, 'S-0007'],
    ['{00}', 123, '123'],
    ['A {000} B', 12, 'A 012 B'],
  ])('of the pattern %p and %i is %p', (pattern, number, code) => {
    expect(subjectCodes.format(pattern, number)).toBe(code);
  });

  test('needs a counter in the pattern', () => {
    expect(() => subjectCodes.format('S-', 1)).toThrow(expect.objectContaining({ code: 'BAD_SUBJECT_PATTERN' }));
  });

  test('belongs to Patient ID and issuer, spaces around them aside', () => {
    const of = (PatientID: string, IssuerOfPatientID: string) =>
      subjectCodes.identityOf({ PatientID, IssuerOfPatientID });
    expect(of('A ', 'X')).toBe(of('A', ' X'));
    expect(of('A', 'X')).not.toBe(of('A', 'Y'));
    expect(of('A,X', '')).not.toBe(of('A', 'X'));
  });
});
