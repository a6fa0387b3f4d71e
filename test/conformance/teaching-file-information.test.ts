import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyOf } from '../../src/deidentification/policy-of';
import { PRESET_NAMES } from '../../src/deidentification/presets';
import type { DataSet } from '../../src/dicom/data-set';
import { readPart10Bytes } from '../../src/dicom/part10/read';
import { encodeDataSet, writePart10Bytes } from '../../src/dicom/part10/write';
import { BASIC_TEXT_SR, COMPREHENSIVE_SR, ENHANCED_SR } from '../../src/dicom/sop-class';
import { ExplicitVRLittleEndian } from '../../src/dicom/transfer-syntax';
import { readTeachingFileInformation } from '../../src/selection/additional-teaching-file-information/read';
import { ExportDeidentifier, type ExportDeidentifierOptions, valuesMeant } from '../../src/session/export-deidentifier';
import { pseudonymValues, verifierOf } from '../../src/verification/verifier-of';
import { pseudonyms as ofSamples } from '../support/deidentification-samples';
import { findMarks } from '../support/phi-mark';
import { program, suiteNeeding } from '../support/suites';
import {
  AUTHOR_OF_CASE,
  dcm,
  type InformationOptions,
  informationSample,
  textItem,
  WHOLE_CONTENT,
} from '../support/teaching-file-information';

/** PS3.15 E.3.4, IHE RAD TF TCE: what becomes of Additional Teaching File Information. */

const pseudonyms = { ...ofSamples, dateOffsetDays: -100 };

function deidentified(
  source: DataSet,
  preset: string,
  options: ExportDeidentifierOptions = {},
  withoutOptions: readonly string[] = [],
): { readonly result: DataSet; readonly findings: readonly string[]; readonly verdict: string } {
  const policy = policyOf({ preset, withoutOptions });
  const deidentifier = new ExportDeidentifier(policy, options);
  const plan = deidentifier.plan(source);
  const result = deidentifier.apply(source, plan, pseudonyms);
  const verdict = verifierOf(policy).verify(source, result, {
    pseudonyms: [...pseudonymValues(pseudonyms), ...valuesMeant(deidentifier, source)],
  });
  return {
    result,
    findings: (plan.findings ?? []).map(({ path }) => path),
    verdict: verdict.outcome === 'passed' ? 'passed' : verdict.reason.message,
  };
}

function source(options: InformationOptions = {}): DataSet {
  return readPart10Bytes(informationSample(options).bytes).header;
}

const codesOf = (document: DataSet): readonly (string | undefined)[] =>
  document.items(0x00120064).map((item) => item.string(0x00080100));

describe.each(PRESET_NAMES)('teaching file information under the preset %s', (preset) => {
  test.each([BASIC_TEXT_SR, ENHANCED_SR, COMPREHENSIVE_SR])(
    'keeps what it says and none of who it says it of (%s)',
    (SOPClassUID) => {
      const { result, verdict } = deidentified(source({ SOPClassUID }), preset);
      expect(verdict).toBe('passed');
      expect(findMarks(encodeDataSet(result))).toEqual([]);
      const info = readTeachingFileInformation(result);
      expect(info).toMatchObject({ author: 'ANONYMIZED', affiliation: null, contact: null });
      expect(info.rows).toMatchObject({
        keywords: ['lesion'],
        pathology: [expect.objectContaining({ CodeValue: 'D001921' })],
        findings: ['Small lesion on the left.'],
        category: [expect.objectContaining({ CodeValue: 'TCE306' })],
      });
      expect(String(info.rows.abstract[0])).toMatch(/^Lesion of the head/);
    },
  );

  test('says that structured content was cleaned, and is of the study that it was of', () => {
    const before = source();
    const { result } = deidentified(before, preset);
    expect(codesOf(result)).toEqual(expect.arrayContaining(['113104']));
    expect(result.string(0x0020000d)).toBe(pseudonyms.uid(before.string(0x0020000d)!));
    expect(result.string(0x00080018)).toBe(pseudonyms.uid(before.string(0x00080018)!));
    expect(result.string(0x00120062)).toBe('YES');
  });
});

describe('teaching file information', () => {
  test('its content stays under the Basic Profile and no option, where that of other reports goes', () => {
    const { result } = deidentified(source(), 'basic');
    expect(codesOf(result)).toEqual(['113100', '113104']);
    const other = deidentified(source({ title: dcm('121071') }), 'basic');
    expect(JSON.stringify(other.result.items(0x0040a730).map((item) => item.string(0x0040a160)))).not.toMatch(/lesion/);
  });

  test('its author stays only where the project says so, and the patient never, by whatever item', () => {
    const kept = deidentified(source(), 'teaching-file', { keepAuthor: true });
    expect(kept.verdict).toBe('passed');
    expect(readTeachingFileInformation(kept.result)).toMatchObject({
      author: AUTHOR_OF_CASE,
      affiliation: 'Zqclinic',
      contact: 'telephone',
    });
    expect(findMarks(encodeDataSet(kept.result)).sort()).toEqual(['Zqclinic', 'Zqperforming']);
    const patient = [
      textItem(
        { CodeValue: 'TCE101', CodingSchemeDesignator: 'IHERADTF', CodeMeaning: 'Author' },
        'Dr. Zqgiven Zqfamily',
      ),
    ];
    const named = deidentified(source({ content: patient }), 'teaching-file', { keepAuthor: true });
    expect(findMarks(encodeDataSet(named.result))).toEqual([]);
  });

  test('words that nobody vouches for are findings; staff that stays here is none', () => {
    const content = [...WHOLE_CONTENT.slice(0, 4), textItem(dcm('121071'), 'as Qwertzui said')];
    const ofContent = (document: DataSet) =>
      deidentified(document, 'teaching-file').findings.filter((path) => path.startsWith('0040A730'));
    expect(ofContent(source({ content }))).toHaveLength(1);
    expect(ofContent(source())).toEqual([]);
  });

  test('for a Receiver that reads the top level only, affiliation and contact stand there', () => {
    const policy = policyOf({ preset: 'basic' });
    const flat = new ExportDeidentifier(policy, { keepAuthor: true }).withLayout('flat');
    const before = source();
    const result = flat.apply(before, flat.plan(before), pseudonyms);
    const top = result.items(0x0040a730).map((item) => item.items(0x0040a043)[0]?.string(0x00080100));
    expect(top.slice(0, 3)).toEqual(['TCE101', 'TCE102', 'TCE103']);
  });

  test('comes out the same each time', () => {
    const before = source();
    const [one, two] = [deidentified(before, 'basic'), deidentified(source(), 'basic')];
    expect(encodeDataSet(one.result)).toEqual(encodeDataSet(two.result));
  });
});

/** Runs `check` over a file of each SOP Class, with author, nested and flat. */
function overFiles(check: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'information-'));
  try {
    const classes = [BASIC_TEXT_SR, ENHANCED_SR, COMPREHENSIVE_SR];
    for (const [at, SOPClassUID] of classes.entries()) {
      const layout = at === 2 ? 'flat' : 'nested';
      const { result } = deidentified(source({ SOPClassUID }), 'teaching-file', { keepAuthor: at > 0, layout });
      const path = join(folder, `${at}.dcm`);
      writeFileSync(path, Buffer.concat(writePart10Bytes(ExplicitVRLittleEndian, result)));
      check(path);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

suiteNeeding(program('dciodvfy'), 'teaching file information that leaves, by dciodvfy', () => {
  it('has no finding', () => {
    overFiles((path) => {
      const { stdout, stderr } = spawnSync('dciodvfy', ['-new', path], { encoding: 'utf8' });
      const findings = `${stdout}\n${stderr}`
        .split('\n')
        // IHE's own coding scheme, which it does not know (IHE RAD TF, TCE).
        .filter((line) => /^(Error|Warning)/.test(line) && !/Unrecognized defined term = <(IHERADTF|MSH)>/.test(line));
      expect(findings).toEqual([]);
      expect(`${stdout}${stderr}`).toMatch(/(BasicText|Enhanced|Comprehensive)SR/);
    });
  });
});

/** Its style sheets are larger than what Java 17 lets style sheets be. */
const JAVA_TOOL_OPTIONS = ['xpathTotalOpLimit', 'xpathExprOpLimit', 'xpathExprGrpLimit']
  .map((limit) => `-Djdk.xml.${limit}=0`)
  .join(' ');

suiteNeeding(program('DicomSRValidator'), 'teaching file information that leaves, by PixelMed', () => {
  it('is of the template and has no finding', () => {
    let seen = 0;
    overFiles((path) => {
      seen += 1;
      // Seconds each: the class for which it knows the template.
      if (seen !== 2) return;
      const env = { ...process.env, JAVA_TOOL_OPTIONS };
      const { stdout, stderr } = spawnSync('DicomSRValidator', [path], { encoding: 'utf8', env });
      expect(`${stdout}\n${stderr}`.split('\n').filter((line) => /^(Error|Warning)/.test(line))).toEqual([]);
      expect(stdout).toContain('Found Root Template');
      expect(stdout).toContain('IOD validation complete');
    });
  }, 120_000);
});
