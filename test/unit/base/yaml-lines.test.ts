import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, loadConfiguration } from '../../../src/base/config';
import { loadProjectFile } from '../../../src/base/project-file';
import { linesIn, namingTheLine } from '../../../src/base/yaml-lines';
import { policyOf } from '../../../src/deidentification/policy-of';

const PROJECT = `name: Cases
kind: teaching-file
deidentification:
  overrides:
    - attribute: PatientComments
      action: remove
    - { attribute: PatientName, action: keep }
`;

function mistakesOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('lines of a configuration', () => {
  test('are those that the values begin on', () => {
    const lineOf = linesIn(PROJECT);
    expect(lineOf('name')).toBe(1);
    expect(lineOf('deidentification.overrides[0]')).toBe(5);
    expect(lineOf('deidentification.overrides[1].action')).toBe(7);
    expect(lineOf('deidentification.overrides[2]')).toBeUndefined();
    expect(lineOf('name.of.nobody')).toBeUndefined();
    expect(linesIn('')('name')).toBeUndefined();
    expect(linesIn('a: &a { b: 1 }\nc: *a')('c.b.d')).toBeUndefined();
  });

  test('are named with mistakes in overrides', () => {
    const lineOf = linesIn(PROJECT);
    expect(namingTheLine('deidentification.overrides[1].action: is missing', lineOf)).toBe(
      'deidentification.overrides[1].action: is missing (line 7)',
    );
    expect(namingTheLine('name: is missing', lineOf)).toBe('name: is missing');
  });

  test('are named for an override without an action, and for one with a key too many', () => {
    const text = `projects:\n  - name: Cases\n    kind: teaching-file\n    receiver: archive\n    deidentification:\n      overrides:\n        - attribute: PatientComments\n        - { attribute: A, action: keep, why: so }\n`;
    const told = mistakesOf(() => loadConfiguration({ file: { text, directory: '/' }, environment: {} }));
    expect(told).toContain('projects[0].deidentification.overrides[0].action: is missing (line 7)');
    expect(told).toContain('projects[0].deidentification.overrides[1].why: unknown key (line 8)');
  });

  test('are named for the overrides of a project file, too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tce-lines-'));
    try {
      const file = join(folder, 'project.yaml');
      writeFileSync(file, PROJECT);
      const { overrides } = loadProjectFile(file).deidentification;
      expect(() => policyOf({ overrides })).toThrow('override 2 (PatientName) on line 7: ');
      const twice = overrides.map((entry) => ({ ...entry, attribute: 'PatientComments', action: 'remove' }));
      expect(() => policyOf({ overrides: twice })).toThrow('override 2 on line 7 names the attribute of override 1');
      writeFileSync(file, PROJECT.replace('action: remove', 'value: x'));
      expect(mistakesOf(() => loadProjectFile(file))).toEqual([
        expect.stringMatching(/^deidentification\.overrides\.0\.action: .* \(line 5\)$/),
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
