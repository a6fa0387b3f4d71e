import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A collection of DICOM files beside the project. Suites that need it say so where it is absent. */
export const CORPUS = resolve(__dirname, '../../../shared/data/dicom');

export function suiteNeedingCorpus(name: string, suite: () => void): void {
  if (existsSync(join(CORPUS, 'manifest.csv'))) {
    describe(name, suite);
    return;
  }
  process.stderr.write(`skipped: ${name} (no DICOM files at ${CORPUS})\n`);
  describe.skip(name, () => {
    it('needs the DICOM files', () => {});
  });
}

/** One row of manifest.csv, by column name. */
export interface CorpusFile {
  /** Path within the corpus. */
  readonly file: string;
  readonly category: string;
  readonly transferSyntaxUID: string;
  readonly SOPClassUID: string;
  readonly characterSet: string;
  /** What pydicom made of it: `ok`, `error`, or empty where it is no DICOM file. */
  readonly pydicom: string;
}

/** Comma-separated values with quotes (RFC 4180). */
function rowsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text)!;
    const [, value = '', end = ''] = match;
    rows.at(-1)!.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end !== ',' && cell.lastIndex < text.length) rows.push([]);
  }
  return rows;
}

export function corpusFiles(): CorpusFile[] {
  const [head = [], ...rows] = rowsOf(readFileSync(join(CORPUS, 'manifest.csv'), 'utf8'));
  return rows
    .map((row) => {
      const column = (name: string): string => row[head.indexOf(name)] ?? '';
      return {
        file: column('file'),
        category: column('category'),
        transferSyntaxUID: column('transfer_syntax_uid'),
        SOPClassUID: column('sop_class_uid'),
        characterSet: column('charset'),
        pydicom: column('pydicom_parse'),
      };
    })
    .filter(({ file }) => !file.endsWith('.json'));
}

export function readCorpusFile(file: string): Buffer {
  return readFileSync(join(CORPUS, file));
}
