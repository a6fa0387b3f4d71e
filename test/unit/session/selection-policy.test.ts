import { chooseProject, type ProjectRule } from '../../../src/session/selection-policy';

const rules: readonly ProjectRule[] = [
  { name: 'Chest cases', kind: 'teaching-file', dispositions: ['Chest'], imageSources: ['pacs'] },
  { name: 'Neuro cases', kind: 'teaching-file', dispositions: ['Neuro'], imageSources: ['pacs'] },
  { name: 'Trial', kind: 'clinical-trial', dispositions: [], imageSources: ['pacs'] },
  { name: 'Elsewhere', kind: 'publication', dispositions: ['Chest'], imageSources: ['other'] },
];

describe('whose a selection is', () => {
  test('the text of the Key Object Description names the project', () => {
    expect(chooseProject(rules, 'pacs', 'teaching-file', ' Neuro ')).toEqual({
      project: 'Neuro cases',
      disposition: 'Neuro',
    });
  });

  test('the disposition of another image source does not count', () => {
    expect(chooseProject(rules, 'other', 'publication', 'Chest')).toEqual({
      project: 'Elsewhere',
      disposition: 'Chest',
    });
  });

  test('without a known text the only project that serves the title is meant, and the text is not repeated', () => {
    expect(chooseProject(rules, 'pacs', 'clinical-trial', 'please send to Prof. Testmann')).toEqual({
      project: 'Trial',
      disposition: null,
    });
  });

  test('two projects that could be meant are never guessed between', () => {
    expect(chooseProject(rules, 'pacs', 'teaching-file', null)).toMatchObject({
      project: null,
      error: { code: 'AMBIGUOUS_PROJECT' },
    });
  });

  test('a title that no project serves is said so', () => {
    expect(chooseProject(rules, 'pacs', 'publication', null)).toMatchObject({
      project: null,
      error: { code: 'NO_PROJECT' },
    });
  });
});
