import {
  isMistake,
  type ListedSubject,
  type RowMistake,
  readSubjectList,
} from '../../../src/register/subject-list-file';

async function read(text: string | Uint8Array, chunk = 7): Promise<readonly (ListedSubject | RowMistake)[]> {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const found: (ListedSubject | RowMistake)[] = [];
  for await (const row of readSubjectList(chunks())) found.push(row);
  return found;
}
const ids = async (text: string) =>
  (await read(text)).map((row) => (isMistake(row) ? row : [row.PatientID, row.subjectID]));

describe('an imported list of subjects', () => {
  test('has its columns in any order and spelling, and lines that are counted', async () => {
    expect(
      await read('Subject ID,Arm,source_patient_id,Issuer,Site\r\nS-1,A,4711,HOSP,S7\r\n\r\nS-2,,4712,,\r\n'),
    ).toEqual([
      { line: 2, PatientID: '4711', IssuerOfPatientID: 'HOSP', subjectID: 'S-1', arm: 'A', site: 'S7' },
      { line: 4, PatientID: '4712', IssuerOfPatientID: '', subjectID: 'S-2', arm: null, site: null },
    ]);
  });

  test.each([',', ';', '\t', '|'])('is split at %j', async (delimiter) => {
    const text = ['sourcePatientID', 'subjectID'].join(delimiter).concat('\n', ['A', 'S-1'].join(delimiter));
    expect(await ids(text)).toEqual([['A', 'S-1']]);
  });

  test('has a byte order mark that is no part of the first name', async () => {
    expect(await ids('\ufeffsourcePatientID,subjectID\nÄ1,S-1')).toEqual([['Ä1', 'S-1']]);
  });

  test('has delimiters, quotes and line breaks inside quotes', async () => {
    expect(await ids('"sourcePatientID","subjectID"\n"A,1","S ""x"""\n"B",S-2')).toEqual([
      ['A,1', 'S "x"'],
      ['B', 'S-2'],
    ]);
    expect(await ids('sourcePatientID,subjectID\n"A\nB",S-1\nC,S-2')).toEqual([
      { line: 2, message: 'PatientID holds a backslash or a control character' },
      ['C', 'S-2'],
    ]);
  });

  test('has formulas that are nothing but text', async () => {
    expect(await ids('sourcePatientID,subjectID\n"=cmd|\' /C calc\'!A0",@S-1')).toEqual([
      ["=cmd|' /C calc'!A0", '@S-1'],
    ]);
  });

  test('has rows whose mistakes are told by line, without their values', async () => {
    const long = 'x'.repeat(65);
    expect(await ids(`sourcePatientID,subjectID\n,S-1\nA,\nB,S-2,more\nC\\D,S-3\nE,${long}`)).toEqual([
      { line: 2, message: 'has no PatientID' },
      { line: 3, message: 'has no subjectID' },
      { line: 4, message: 'has 3 fields, and the first line 2' },
      { line: 5, message: 'PatientID holds a backslash or a control character' },
      { line: 6, message: 'subjectID is longer than 64 characters' },
    ]);
  });

  test.each([
    ['', 'empty'],
    ['patient,id\nA,B', 'no column sourcePatientID'],
    ['sourcePatientID,patientID,subjectID\n', 'more than once'],
    [`sourcePatientID,subjectID${',x'.repeat(40)}\n`, 'more than 32 columns'],
    [`sourcePatientID,subjectID\nA${',x'.repeat(1_000_000)}\n`, 'line 2 has more than 32 columns'],
    [`sourcePatientID,subjectID\n${'x'.repeat(2_000)},S-1\n`, 'more than 1024 characters'],
    [`${'x'.repeat(100_000)}`, 'first line is too long'],
    ['sourcePatientID,subjectID\n"A,S-1\n', 'no end'],
  ])('that is unusable is refused (%#)', async (text, message) => {
    await expect(read(text, 65_536)).rejects.toMatchObject({
      code: 'BAD_SUBJECT_LIST',
      message: expect.stringContaining(message),
    });
  });

  test('in another encoding is refused', async () => {
    const bytes = Buffer.concat([Buffer.from('sourcePatientID,subjectID\n'), Buffer.from([0xc4, 0x31, 0x2c, 0x53])]);
    await expect(read(bytes)).rejects.toMatchObject({ code: 'BAD_SUBJECT_LIST' });
  });

  test('has a hundred thousand rows and not one more', async () => {
    const rows = (count: number) =>
      `sourcePatientID,subjectID\n${Array.from({ length: count }, (_, n) => `P${n},S-${n}`).join('\n')}`;
    expect(await read(rows(100_000), 65_536)).toHaveLength(100_000);
    await expect(read(rows(100_001), 65_536)).rejects.toMatchObject({ code: 'BAD_SUBJECT_LIST' });
  });
});
