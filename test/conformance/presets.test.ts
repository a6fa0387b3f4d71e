import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PRESET_NAMES, PRESETS } from '../../src/deidentification/presets';
import { readPart10Bytes } from '../../src/dicom/part10/read';
import { KEY_OBJECT_SELECTION_DOCUMENT } from '../../src/dicom/sop-class';
import { generateSelection } from '../../src/sandbox/samples';
import { findMarks, PHI_MARKS } from '../support/phi-mark';
import { PROGRAM, withoutSettings } from '../support/server';
import { ct, markedIdentity, markedSeed, markedStudy, mr, referenceTo, sr, us } from '../support/synth';

/** By the command line, as its user has it: each preset over a study in which every identifier is marked. */
const directory = mkdtempSync(join(tmpdir(), 'tce-presets-'));
const input = join(directory, 'in');
const japanese = markedIdentity('p1', ['', 'ISO 2022 IR 87']);
const study = markedStudy(japanese, 'study-1');

beforeAll(() => {
  const images = [...ct({ instances: 3, study }), ...mr({ instances: 2, study }), ...us({ instances: 2, study })];
  const all = [...images, sr(images, { study })];
  const title = { CodeValue: 'TCE002', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'For Clinical Trial Export' };
  all.push(generateSelection({ study, key: 'presets', title, references: images.map(referenceTo) }, markedSeed()));
  mkdirSync(input);
  for (const [index, sample] of all.entries()) writeFileSync(join(input, `${index}.dcm`), sample.bytes);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(
  preset: string,
  held = false,
): { output: Uint8Array[]; report: { instances: { outcome: string; reason: string | null; findings: object[] }[] } } {
  const out = join(directory, preset);
  const reportFile = join(directory, `${preset}.json`);
  // The marked study has a name in Ethnic Group, which some presets keep: a project may say that it goes.
  const project = join(directory, `${preset}.yaml`);
  const overrides = [{ attribute: 'EthnicGroup', action: 'remove' }];
  writeFileSync(
    project,
    JSON.stringify({ name: preset, kind: 'teaching-file', deidentification: { preset, overrides } }),
  );
  const choice = held ? ['--preset', preset] : ['--project', project];
  const args = ['--input', input, '--output', out, ...choice, '--key-file', join(directory, 'key')];
  // What was held back is in the report, with its reason.
  spawnSync(process.execPath, [PROGRAM, 'deidentify', ...args, '--report', reportFile], {
    env: withoutSettings(process.env),
  });
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as ReturnType<typeof run>['report'];
  const output = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => readFileSync(join(out, name)));
  return { output, report };
}

test.each(PRESET_NAMES)(
  'the preset %s lets every instance leave, and no identifier',
  (preset) => {
    const { output, report } = run(preset);
    const held = report.instances.filter(({ outcome }) => outcome !== 'passed');
    expect(held.map(({ reason, findings }) => ({ reason, findings }))).toEqual([]);
    expect(output).toHaveLength(readdirSync(input).length);
    // PS3.15 E.3.7: the option keeps the device for what it is.
    const device = PRESETS[preset].options.includes('retain-device-identity');
    const kept: string[] = device ? [PHI_MARKS.station, PHI_MARKS.device] : [];
    for (const bytes of output) expect(findMarks(bytes).filter((mark) => !kept.includes(mark))).toEqual([]);
  },
  60_000,
);

test('a name in an attribute that the preset keeps is taken out of it', () => {
  const { output, report } = run('teaching-file', true);
  expect(report.instances.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  const groups = output.map((bytes) => readPart10Bytes(bytes).header.string(0x00102160));
  expect(groups).toContain('kin');
  for (const bytes of output) expect(findMarks(bytes)).toEqual([]);
}, 60_000);

test('a trial keeps the intervals between its dates, in the instances and in the manifest', () => {
  const { output } = run('clinical-trial');
  const headers = output.map((bytes) => readPart10Bytes(bytes).header);
  const dates = new Set(headers.map((header) => header.string(0x00080020)));
  expect(dates.size).toBe(1);
  expect([...dates][0]).not.toBe(study.StudyDate);
  for (const header of headers) expect(header.string(0x00280303)).toBe('MODIFIED');
  expect(headers.some((header) => header.string(0x00080016) === KEY_OBJECT_SELECTION_DOCUMENT)).toBe(true);
}, 60_000);

test('what is learnt from stays in a teaching file', () => {
  const { output } = run('teaching-file');
  const described = output.map((bytes) => readPart10Bytes(bytes).header.string(0x0008103e) ?? '');
  expect(described.filter((text) => text !== '').length).toBeGreaterThan(0);
}, 60_000);
