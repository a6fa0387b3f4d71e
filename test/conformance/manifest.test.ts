import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSet } from '../../src/dicom/data-set';
import { writePart10Bytes } from '../../src/dicom/part10/write';
import { ENHANCED_MR_IMAGE } from '../../src/dicom/sop-class';
import { ExplicitVRLittleEndian } from '../../src/dicom/transfer-syntax';
import { ProjectKey } from '../../src/pseudonymization/project-key';
import { exportDocumentTitle } from '../../src/selection/document-titles';
import { readExportSelection } from '../../src/selection/export-selection';
import { buildManifests, type ManifestContext } from '../../src/selection/manifest';
import { program, suiteNeeding } from '../support/suites';
import { presentationState, realWorldValueMap, reference, selection } from '../unit/selection/selections';

const key = ProjectKey.of(new Uint8Array(32).fill(9));
const context: ManifestContext = {
  uid: (source) => key.uid(source),
  PatientID: 'S-0007',
  PatientName: 'S-0007',
  contentDate: '19000101',
  contentTime: '000000',
  studyDate: '19000101',
  studyTime: '000000',
  studyID: 'ANONYMIZED',
  description: 'Teaching collection',
  deidentificationMethod: 'TCE Export Manager, PS3.15 2026d',
  methodCodes: [],
};

const SR = '1.2.840.10008.5.1.4.1.1.88.33';
const ECG = '1.2.840.10008.5.1.4.1.1.9.1.1';

/** Each a manifest that leaves, by what is peculiar to it. */
const MANIFESTS: readonly (readonly [string, () => readonly DataSet[]])[] = [
  ['of one study', () => build({})],
  ['of several studies', () => build({ references: [reference('a.1.1'), reference('b.1.1'), reference('a.2.1')] })],
  ['in the other coding scheme', () => build({ title: exportDocumentTitle('publication', 'DCM') })],
  ['of a report and a waveform', () => build({ references: [other('a.3.1', SR), other('a.4.1', ECG)] })],
  [
    'with frames',
    () => build({ references: [reference('a.1.1', { SOPClassUID: ENHANCED_MR_IMAGE, frames: [1, 4] })] }),
  ],
  [
    'with presentation state and Real World Value map attached',
    () => build({ references: [reference('a.1.1', { attached: [presentationState, realWorldValueMap] })] }),
  ],
  ['without description', () => build({}, { description: null })],
  ['with text beyond ASCII', () => build({}, { description: 'Lehrsammlung Köln 教育' })],
];

function other(where: string, SOPClassUID: string) {
  return reference(where, { SOPClassUID, valueType: SOPClassUID === ECG ? 'WAVEFORM' : 'COMPOSITE' });
}

function build(options: Parameters<typeof selection>[0], more: Partial<ManifestContext> = {}): readonly DataSet[] {
  return buildManifests(readExportSelection(selection(options)), { ...context, ...more });
}

/** What dciodvfy says of every document like these, and why it is no finding. */
const NO_FINDING: readonly RegExp[] = [
  // IHE's own coding scheme, which it does not know (IHE RAD TF, TCE).
  /CodingSchemeDesignator\(0008,0102\)\[1\]> - Unrecognized defined term = <IHERADTF>$/,
];

/** Runs `check` over each manifest as a file. */
function overFiles(manifests: readonly DataSet[], check: (path: string, manifest: DataSet) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  try {
    manifests.forEach((manifest, at) => {
      const path = join(folder, `${at}.dcm`);
      writeFileSync(path, Buffer.concat(writePart10Bytes(ExplicitVRLittleEndian, manifest)));
      check(path, manifest);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

suiteNeeding(program('dciodvfy'), 'the manifest that leaves, by dciodvfy', () => {
  it.each(MANIFESTS)('has no finding: %s', (_name, manifests) => {
    overFiles(manifests(), (path) => {
      const { stdout, stderr } = spawnSync('dciodvfy', ['-new', path], { encoding: 'utf8' });
      const findings = `${stdout}\n${stderr}`
        .split('\n')
        .filter((line) => /^(Error|Warning)/.test(line) && !NO_FINDING.some((each) => each.test(line)));
      expect(findings).toEqual([]);
      expect(`${stdout}${stderr}`).toContain('KeyObjectSelectionDocument');
    });
  });
});

/** Its style sheets are larger than what Java 17 lets style sheets be. */
const JAVA_TOOL_OPTIONS = ['xpathTotalOpLimit', 'xpathExprOpLimit', 'xpathExprGrpLimit']
  .map((limit) => `-Djdk.xml.${limit}=0`)
  .join(' ');

suiteNeeding(program('DicomSRValidator'), 'the manifest that leaves, by PixelMed', () => {
  // Seconds each: one with all that there is.
  it('has no finding', () => {
    const everything = {
      language: { CodeValue: 'en', CodingSchemeDesignator: 'RFC5646', CodeMeaning: 'English' },
      references: [
        reference('a.1.1', { attached: [presentationState, realWorldValueMap] }),
        reference('a.1.2', { SOPClassUID: ENHANCED_MR_IMAGE, frames: [1, 4] }),
        other('b.3.1', SR),
        other('b.4.1', ECG),
      ],
    };
    overFiles(build(everything).slice(0, 1), (path) => {
      const env = { ...process.env, JAVA_TOOL_OPTIONS };
      const { stdout, stderr } = spawnSync('DicomSRValidator', [path], { encoding: 'utf8', env });
      expect(`${stdout}\n${stderr}`.split('\n').filter((line) => /^(Error|Warning)/.test(line))).toEqual([]);
      expect(stdout).toContain('Found Root Template TID_2010');
      expect(stdout).toContain('IOD validation complete');
    });
  }, 120_000);
});

/** What dsrdump 3.6.7 owns up to not checking. */
const NOT_CHECKED: readonly RegExp[] = [
  /^W: Check for template constraints not yet supported$/,
  /^W: The VR checker does not support this Specific Character Set: ISO_IR 192$/,
];

suiteNeeding([program('dcmdump'), program('dsrdump')], 'the manifest that leaves, by dcmtk', () => {
  it.each(MANIFESTS)('is read without a complaint: %s', (_name, manifests) => {
    overFiles(manifests(), (path, manifest) => {
      const dump = spawnSync('dcmdump', ['-q', '+L', path], { encoding: 'utf8' });
      expect([dump.status, dump.stderr]).toEqual([0, '']);
      expect(dump.stdout).toContain(manifest.string(0x00080018));
    });
  });

  it.each(MANIFESTS)('is a valid document of the Key Object Selection template: %s', (_name, manifests) => {
    overFiles(manifests(), (path) => {
      const dump = spawnSync('dsrdump', ['-v', '+Pn', path], { encoding: 'utf8' });
      expect([
        dump.status,
        dump.stderr.split('\n').filter((line) => /^[WEF]:/.test(line) && !NOT_CHECKED.some((each) => each.test(line))),
      ]).toEqual([0, []]);
      expect(dump.stdout).toContain('Key Object Selection Document');
    });
  });

  it('lists what it references, in order', () => {
    overFiles(build({}), (path) => {
      const tree = execFileSync('dsrdump', ['+Pu', path], { encoding: 'utf8', stdio: 'pipe' });
      const at = ['a.1.1', 'a.1.2'].map((each) => tree.indexOf(key.uid(reference(each).SOPInstanceUID)));
      expect(at[0]).toBeGreaterThan(0);
      expect(at[1]).toBeGreaterThan(at[0]!);
    });
  });
});
