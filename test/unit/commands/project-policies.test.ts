import { ConfigurationError, loadConfiguration } from '../../../src/base/config';
import { projectPolicies } from '../../../src/commands/project-policies';

function policies(...projects: readonly string[]) {
  const text = `
imageSources: [{ name: pacs, dicomweb: { url: "http://pacs.example/dicom-web" } }]
receivers: [{ name: archive, dicomweb: { url: "http://archive.example/dicom-web" } }]
projects:
${projects.map((more, n) => `  - { name: P${n}, kind: clinical-trial, receiver: archive, dispositions: [D${n}], ${more} }`).join('\n')}
`;
  return projectPolicies(loadConfiguration({ file: { text, directory: '/' }, environment: {} }).projects);
}

function mistakes(...projects: readonly string[]): readonly string[] {
  try {
    policies(...projects);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
}

describe('the policy of a project', () => {
  test('is the Basic Profile where nothing is asked for, whatever the kind of the project', () => {
    const policy = policies('review: never').get('P0')!;
    expect(policy).toMatchObject({
      edition: '2026d',
      options: [],
      keepsText: false,
      review: 'never',
      keepWeekday: false,
    });
  });

  test('is the Basic Profile with exactly the options that are given without a preset', () => {
    const policy = policies('deidentification: { options: [clean-descriptors, clean-structured-content] }').get('P0')!;
    expect([...policy.options].sort()).toEqual(['clean-descriptors', 'clean-structured-content']);
    expect(policy).toMatchObject({ keepsText: true, review: 'on-findings' });
  });

  test('is the preset, with options added and taken away', () => {
    const policy = policies(
      'deidentification: { preset: clinical-trial, options: [retain-device-identity], withoutOptions: [retain-safe-private], keepWeekday: true }',
    ).get('P0')!;
    expect(policy.options).toEqual(expect.arrayContaining(['retain-device-identity', 'clean-descriptors']));
    expect(policy.options).not.toContain('retain-safe-private');
    expect(policy.keepWeekday).toBe(true);
  });

  test('has every mistake of every project told at once, each with its key', () => {
    const told = mistakes(
      'deidentification: { preset: strict, options: [clean-descriptors, retain-all], overrides: [{ attribute: PatientComments, action: remove }, { attribute: PatientName, action: keep }] }',
      'deidentification: { constants: { NoSuchAttribute: "x" }, options: [clean-pixel-data] }',
      'deidentification: { options: [retain-longitudinal-full-dates, retain-longitudinal-modified-dates] }',
    );
    const keys = told.map((mistake) => mistake.slice(0, mistake.indexOf(': ')));
    expect(keys).toEqual([
      'projects[0].deidentification.preset',
      'projects[0].deidentification.options[1]',
      'projects[0].deidentification.overrides[1]',
      'projects[1].deidentification.options[0]',
      'projects[1].deidentification.constants',
      'projects[2].deidentification',
    ]);
  });

  test('names the line of an override that cannot be carried out', () => {
    const [unknown] = mistakes(
      'deidentification: { overrides: [{ attribute: PatientComments, action: remove },\n    { attribute: PatientName, action: keep }] }',
    );
    expect(unknown).toMatch(/^projects\[0\]\.deidentification\.overrides\[1\]: \(PatientName\) on line 6: /);
  });
});
