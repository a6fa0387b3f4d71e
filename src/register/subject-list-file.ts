import { cannot } from '../base/errors';

/** One patient of an imported list. Identifies the person: sealed or indexed, never logged. */
export interface ListedSubject {
  /** Of the file, from 1. */
  readonly line: number;
  readonly PatientID: string;
  /** Empty: whatever issuer the patient's instances name. */
  readonly IssuerOfPatientID: string;
  readonly subjectID: string;
  readonly arm: string | null;
  readonly site: string | null;
}

/** What is wrong with one row; never with a value of it. */
export interface RowMistake {
  readonly line: number;
  readonly message: string;
}

export const MOST_ROWS = 100_000;
const MOST_COLUMNS = 32;
const LONGEST_FIELD = 1024;
const LONGEST_LO = 64;
const DELIMITERS = [',', ';', '\t', '|'] as const;
// PS3.5 6.2, LO: neither backslash nor control characters.
const NOT_IN_LO = /[\\\u0000-\u001f\u007f-\u009f]/;

const COLUMNS: Readonly<Record<string, 'PatientID' | 'IssuerOfPatientID' | 'subjectID' | 'arm' | 'site'>> = {
  sourcepatientid: 'PatientID',
  patientid: 'PatientID',
  issuer: 'IssuerOfPatientID',
  issuerofpatientid: 'IssuerOfPatientID',
  subjectid: 'subjectID',
  clinicaltrialsubjectid: 'subjectID',
  arm: 'arm',
  site: 'site',
};

/**
 * Rows of a CSV list (RFC 4180; delimiter comma, semicolon, tab or bar, by the first line; UTF-8, with or without byte
 * order mark) with the columns sourcePatientID, subjectID and perhaps issuer, arm and site, in any order. Every field is
 * text: nothing is ever calculated, so that a formula is only a name that looks like one. Throws Fault BAD_SUBJECT_LIST
 * on what makes the whole file unusable.
 */
export async function* readSubjectList(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ListedSubject | RowMistake> {
  let columns: readonly (string | undefined)[] | undefined;
  let rows = 0;
  for await (const { line, fields } of records(chunks)) {
    if (fields.every((field) => field.trim() === '')) continue;
    if (columns === undefined) {
      columns = columnsOf(fields);
      continue;
    }
    rows += 1;
    if (rows > MOST_ROWS) throw bad(`the list has more than ${MOST_ROWS} rows`);
    yield rowOf(line, fields, columns);
  }
  if (columns === undefined) throw bad('the list is empty');
}

export function isMistake(row: ListedSubject | RowMistake): row is RowMistake {
  return 'message' in row;
}

function columnsOf(fields: readonly string[]): readonly (string | undefined)[] {
  const columns = fields.map(
    (field) =>
      COLUMNS[
        field
          .trim()
          .toLowerCase()
          .replace(/[\s_-]/g, '')
      ],
  );
  for (const needed of ['PatientID', 'subjectID'] as const) {
    const times = columns.filter((column) => column === needed).length;
    const name = needed === 'PatientID' ? 'sourcePatientID' : needed;
    if (times === 0) throw bad(`the first line names no column ${name}`);
    if (times > 1) throw bad(`the first line names the column ${name} more than once`);
  }
  return columns;
}

function rowOf(
  line: number,
  fields: readonly string[],
  columns: readonly (string | undefined)[],
): ListedSubject | RowMistake {
  if (fields.length !== columns.length) {
    return { line, message: `has ${fields.length} fields, and the first line ${columns.length}` };
  }
  const value = (name: string): string => (fields[columns.indexOf(name)] ?? '').trim();
  for (const name of ['PatientID', 'subjectID', 'IssuerOfPatientID', 'arm', 'site']) {
    const text = value(name);
    if (text === '' && (name === 'PatientID' || name === 'subjectID')) return { line, message: `has no ${name}` };
    if (NOT_IN_LO.test(text)) return { line, message: `${name} holds a backslash or a control character` };
    if ([...text].length > LONGEST_LO) return { line, message: `${name} is longer than ${LONGEST_LO} characters` };
  }
  return {
    line,
    PatientID: value('PatientID'),
    IssuerOfPatientID: value('IssuerOfPatientID'),
    subjectID: value('subjectID'),
    arm: value('arm') || null,
    site: value('site') || null,
  };
}

/** Fields of each record, with the line on which it begins. */
async function* records(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly line: number; readonly fields: readonly string[] }> {
  const splitter = new RecordSplitter();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw bad('the list is not in UTF-8');
    }
  };
  for await (const chunk of chunks) yield* splitter.take(decode(chunk));
  yield* splitter.take(decode());
  yield* splitter.end();
}

class RecordSplitter {
  #delimiter: string | undefined;
  /** What came before the first line was whole. */
  #begun = '';
  #fields: string[] = [];
  #field = '';
  /** `quote`: a quote inside a quoted field, which ends it unless another follows. */
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  #line = 1;
  #recordLine = 1;
  #afterReturn = false;

  *take(text: string) {
    if (this.#delimiter !== undefined) {
      yield* this.#split(text, this.#delimiter);
      return;
    }
    this.#begun += text;
    if (!/[\r\n]/.test(this.#begun)) {
      if (this.#begun.length > MOST_COLUMNS * LONGEST_FIELD) throw bad('the first line is too long');
      return;
    }
    yield* this.#begin();
  }

  *end() {
    if (this.#delimiter === undefined) yield* this.#begin();
    if (this.#state === 'quoted') throw bad('a quoted field has no end');
    if (this.#state !== 'start' || this.#fields.length > 0) yield this.#record();
  }

  *#begin() {
    const [first = ''] = this.#begun.split(/[\r\n]/, 1);
    const count = (delimiter: string) => first.split(delimiter).length;
    this.#delimiter = [...DELIMITERS].sort((a, b) => count(b) - count(a))[0] ?? ',';
    yield* this.#split(this.#begun, this.#delimiter);
    this.#begun = '';
  }

  *#split(text: string, delimiter: string) {
    for (const character of text) {
      const afterReturn = this.#afterReturn;
      this.#afterReturn = character === '\r';
      if (character === '\n' && afterReturn) {
        // The second half of a line break.
        if (this.#state === 'quoted') this.#add(character);
        continue;
      }
      if (character === '\n' || character === '\r') this.#line += 1;
      if (this.#state === 'quoted') {
        if (character === '"') this.#state = 'quote';
        else this.#add(character);
      } else if (character === '"' && this.#state === 'start') {
        this.#state = 'quoted';
      } else if (character === '"' && this.#state === 'quote') {
        this.#add(character);
        this.#state = 'quoted';
      } else if (character === delimiter) {
        this.#close();
      } else if (character === '\n' || character === '\r') {
        yield this.#record();
      } else {
        this.#state = 'plain';
        this.#add(character);
      }
    }
  }

  #add(character: string): void {
    if (this.#field.length >= LONGEST_FIELD) {
      throw bad(`line ${this.#recordLine} has a field of more than ${LONGEST_FIELD} characters`);
    }
    this.#field += character;
  }

  #close(): void {
    this.#fields.push(this.#field);
    if (this.#fields.length > MOST_COLUMNS) {
      throw bad(`line ${this.#recordLine} has more than ${MOST_COLUMNS} columns`);
    }
    this.#field = '';
    this.#state = 'start';
  }

  #record() {
    this.#close();
    const record = { line: this.#recordLine, fields: this.#fields };
    this.#fields = [];
    this.#recordLine = this.#line;
    return record;
  }
}

function bad(message: string) {
  return cannot('BAD_SUBJECT_LIST', message, {
    remedy: 'Send CSV in UTF-8 whose first line names sourcePatientID, subjectID and perhaps issuer, arm and site.',
  });
}
