import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deidentifyFolder, type InstanceReport } from '../../src/commands/deidentify-folder';
import { policyOf } from '../../src/deidentification/policy-of';
import { readPart10Bytes } from '../../src/dicom/part10/read';
import { ProjectKey } from '../../src/pseudonymization/project-key';
import { ct } from '../support/synth';

/* PS3.15 E.3.9: UIDs are replaced consistently within a set, here within a folder of files. */

const directory = mkdtempSync(join(tmpdir(), 'tce-set-of-files-'));
const [input, output] = [join(directory, 'in'), join(directory, 'out')];
const images = [...ct({ instances: 3, rows: 4, cols: 4 })];
const headers = images.map(({ bytes }) => readPart10Bytes(Buffer.from(bytes)).header);
const StudyInstanceUID = headers[0]!.string(0x0020000d)!;
const instances = headers.map((header) => header.string(0x00080018)!);

beforeAll(() => {
  mkdirSync(input);
  images.forEach(({ bytes }, n) => {
    writeFileSync(join(input, `${n}.dcm`), bytes);
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(output, { recursive: true, force: true });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function run(): Promise<readonly InstanceReport[]> {
  const reports: InstanceReport[] = [];
  await deidentifyFolder({
    input,
    output,
    key: new Uint8Array(32).fill(7),
    policy: policyOf({ preset: 'clinical-trial' }),
    onFinding: 'redact',
    resumable: false,
    signal: new AbortController().signal,
    progress: { update: () => undefined, end: () => undefined },
    report: { wanted: true, begin: () => undefined, add: (each) => reports.push(each), end: () => undefined },
  });
  return reports;
}

function written(): readonly string[] {
  return readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.dcm'));
}

test('instances of one study stay instances of one study', async () => {
  expect((await run()).map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
  expect(new Set(written().map((name) => name.split('/')[0])).size).toBe(1);
});

test('an instance that would leave its study is held back, with the place', async () => {
  const uid = ProjectKey.prototype.uid;
  let instance = '';
  jest.spyOn(ProjectKey.prototype, 'uid').mockImplementation(function (this: ProjectKey, source: string) {
    if (instances.includes(source)) instance = source;
    const strays = source === StudyInstanceUID && instance !== instances[0];
    return uid.call(this, strays ? `${source}.${instances.indexOf(instance)}` : source);
  });
  const reports = await run();
  expect(reports.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['passed', null],
    ['quarantined', 'REFERENCES_BROKEN'],
    ['quarantined', 'REFERENCES_BROKEN'],
  ]);
  expect(reports[1]!.findings).toContainEqual({
    path: '0020000D',
    rule: 'set: a UID of the set has two replacements',
    severity: 'hold',
  });
  expect(written()).toHaveLength(1);
});
