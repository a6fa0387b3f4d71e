import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../src/base/errors';
import { Deidentifier } from '../../src/deidentification/deidentifier';
import { policyOf } from '../../src/deidentification/policy-of';
import { PRESET_NAMES } from '../../src/deidentification/presets';
import type { DataSet } from '../../src/dicom/data-set';
import { type HeldInstance, readPart10Bytes } from '../../src/dicom/part10/read';
import { writePart10Bytes } from '../../src/dicom/part10/write';
import { transferSyntax } from '../../src/dicom/transfer-syntax';
import { CORPUS, corpusFiles } from '../support/corpus';
import { pseudonyms } from '../support/deidentification-samples';
import { program, suiteNeeding } from '../support/suites';

const EXPLICIT_VR_LITTLE_ENDIAN = transferSyntax('1.2.840.10008.1.2.1')!;

/** Its data set is in Implicit VR under a transfer syntax that is Explicit: each element is a finding, ours too. */
const ENCODED_OTHERWISE_THAN_DECLARED = 'SC_rgb_jpeg.dcm';

/** Attribute and kind of each finding: values, item numbers and lengths change, and so do the UIDs in them. */
function findings(path: string): Map<string, string> {
  const run = spawnSync('dciodvfy', ['-new', path], { encoding: 'latin1', maxBuffer: 1 << 28 });
  const result = new Map<string, string>();
  for (const line of `${run.stdout}${run.stderr}`.split('\n')) {
    if (!/^(Error|Warning)/.test(line)) continue;
    const kind = line
      .replace(/\[\d+\]/g, '')
      .replace(/<\/.*\/([A-Za-z0-9?]+\([0-9a-f]{4},[0-9a-f]{4}\))>/, '<$1>')
      .replace(/= .*/, '')
      .replace(/ \d+/g, ' #');
    result.set(kind, line);
  }
  return result;
}

const corpus = { missing: `no DICOM files at ${CORPUS}`, present: existsSync(join(CORPUS, 'manifest.csv')) };

/** With a trial, so that its modules are looked at, too: all of it that Debian's dciodvfy has heard of. */
const TRIAL = {
  clinicalTrial: {
    sponsorName: 'Sponsor',
    protocolID: 'P-1',
    protocolName: 'Protocol One',
    siteID: 'S-7',
    siteName: 'Site Seven',
    subjectReadingID: '{subject}-R1',
    ethicsCommitteeName: 'Committee One',
    ethicsCommitteeApprovalNumber: 'EC-99',
    timePoints: {
      assign: 'none',
      list: [{ id: 'W12', description: 'Week twelve', offsetDays: 84.5, event: 'BASELINE' }],
    },
    timePointID: 'W12',
    consent: [{ distribution: 'YES', type: 'NAMED_PROTOCOL', protocolID: 'P-2' }],
    coordinatingCenterName: 'Center',
    seriesID: 'SER-1',
    seriesDescription: 'Read by two',
  },
} as const;

suiteNeeding([corpus, program('dciodvfy')], 'dciodvfy before and after each preset', () => {
  const before = new Map<string, Map<string, string>>();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dciodvfy-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** dciodvfy does not inflate: what was deflated is compared uninflated on both sides. */
  function findingsOf(
    name: string,
    held: HeldInstance,
    header: DataSet,
    rest: HeldInstance['rest'],
  ): Map<string, string> {
    const path = join(folder, name);
    const syntax = held.transferSyntax.deflated ? EXPLICIT_VR_LITTLE_ENDIAN : held.transferSyntax;
    writeFileSync(path, Buffer.concat(writePart10Bytes(syntax, header, rest)));
    return findings(path);
  }

  test.each(PRESET_NAMES)(
    'under %s no instance of the corpus has a finding that it did not have',
    (preset) => {
      const deidentifier = new Deidentifier(policyOf({ preset, ...(preset === 'clinical-trial' ? TRIAL : {}) }));
      const fresh: string[] = [];
      let compared = 0;
      for (const { file: name } of corpusFiles()) {
        const file = join(CORPUS, name);
        if (file.endsWith(ENCODED_OTHERWISE_THAN_DECLARED)) continue;
        let held: HeldInstance;
        try {
          held = readPart10Bytes(readFileSync(file), { elide: deidentifier.elide });
        } catch (error) {
          if (error instanceof Fault) continue; // refused by the codec, with a name
          throw error;
        }
        const outcome = deidentifier.deidentify(held.header, { ...pseudonyms, dateOffsetDays: -400 });
        if (outcome.outcome !== 'passed') continue; // held back, with a reason
        const kept = held.rest.filter((part) =>
          part.kind === 'element'
            ? deidentifier.planRest(part.element.tag, part.element.vr) === 'keep'
            : deidentifier.planRest(part.tag, part.vr) === 'keep',
        );
        let known = before.get(name);
        if (known === undefined) {
          known = held.transferSyntax.deflated
            ? findingsOf('before.dcm', held, readPart10Bytes(readFileSync(file)).header, held.rest)
            : findings(file);
          before.set(name, known);
        }
        for (const [kind, line] of findingsOf('after.dcm', held, outcome.value.dataSet, kept)) {
          if (!known.has(kind)) fresh.push(`${name}: ${line}`);
        }
        compared += 1;
      }
      expect(fresh).toEqual([]);
      expect(compared).toBeGreaterThan(300);
    },
    300_000,
  );
});
