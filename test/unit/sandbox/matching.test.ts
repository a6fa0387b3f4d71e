import { searchKeys } from '../../../src/sandbox/matching';

const SUPPORTED = new Set([0x00100010, 0x00100020, 0x00080020, 0x00080030, 0x0020000d, 0x00080060]);

function matches(query: string, ...values: readonly string[]): boolean {
  return searchKeys(new URLSearchParams(query), SUPPORTED).every((key) => key.matches(values));
}

describe('a key of a search', () => {
  test.each([
    ['PatientName=testmann*', ['Testmann^Theo'], true],
    ['PatientName=TESTMANN^THEO', ['Testmann^Theo'], true],
    ['PatientName=*mann^T?eo', ['Testmann^Theo'], true],
    ['PatientName=testmann', ['Testmann^Theo'], false],
    ['PatientName=t.stmann*', ['Testmann^Theo'], false],
    ['PatientID=abc', ['ABC'], false],
    ['PatientID=a*c*', ['a-b-c'], true],
    ['PatientID=a?', ['a'], false],
    ['00100020=abc', ['abc'], true],
    ['StudyDate=20240101-20240131', ['20240115'], true],
    ['StudyDate=20240101-20240131', ['20240201'], false],
    ['StudyDate=20240101-', ['20240201'], true],
    ['StudyDate=-20240101', ['20240201'], false],
    ['StudyDate=-20240101', [], false],
    ['StudyDate=20240201', ['20240201'], true],
    ['StudyTime=1000-1059', ['105959.999'], true],
    ['StudyTime=1000-1059', ['110000'], false],
    ['StudyInstanceUID=1.2,1.3', ['1.3'], true],
    ['StudyInstanceUID=1.2\\1.3', ['1.2'], true],
    ['StudyInstanceUID=1.2', ['1.2.3'], false],
    ['StudyInstanceUID=1.*', ['1.2'], false],
    ['Modality=KO', ['CT', 'KO'], true],
    ['Modality=KO&PatientID=KO', ['KO'], true],
    ['Modality=', ['CT'], true],
    ['Modality=KO', [], false],
    ['NoSuchAttribute=x&limit=3&includefield=all&fuzzymatching=true', ['y'], true],
  ])('%s for %j: %s', (query, values, expected) => {
    expect(matches(query, ...values)).toBe(expected);
  });

  test('a pattern of many asterisks takes no longer than another', () => {
    const started = performance.now();
    expect(matches(`PatientID=${'*a'.repeat(30)}b`, 'a'.repeat(5000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
