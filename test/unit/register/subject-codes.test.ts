import { subjectCodes } from '../../../src/register/subject-codes';

describe('codes of subjects', () => {
  test('are counted, also beyond the zeros of the pattern', () => {
    expect(subjectCodes.format('S7-{000}', 7)).toBe('S7-007');
    expect(subjectCodes.format('S7-{000}', 12345)).toBe('S7-12345');
  });

  test('are drawn from letters and digits that nobody takes for one another', () => {
    let at = 0;
    const drawn = subjectCodes.random('P-{random:16}', (limit) => at++ % limit);
    expect(drawn).toBe('P-23456789ABCDEFGH');
    expect(subjectCodes.random('P-{0000}', () => 0)).toBeNull();
  });
});
