import { chooseProject, isOrder, type ProjectRule, RECEIVED } from '../../../src/session/selection-policy';

const TITLE = {
  'teaching-file': { CodeValue: 'TCE001', CodingSchemeDesignator: 'IHERADTF' },
  'clinical-trial': { CodeValue: '128711', CodingSchemeDesignator: 'DCM' },
  publication: { CodeValue: '128714', CodingSchemeDesignator: 'DCM' },
};
const FOR_TEACHING = { CodeValue: '113004', CodingSchemeDesignator: 'DCM' };
const MANIFEST = { CodeValue: '113030', CodingSchemeDesignator: 'DCM' };

const rules: readonly ProjectRule[] = [
  { name: 'Chest cases', kind: 'teaching-file', dispositions: ['Chest'], imageSources: ['pacs'] },
  { name: 'Neuro cases', kind: 'teaching-file', dispositions: ['Neuro'], imageSources: ['pacs'] },
  { name: 'Trial', kind: 'clinical-trial', dispositions: [], imageSources: ['pacs'] },
  { name: 'Elsewhere', kind: 'publication', dispositions: ['Chest'], imageSources: ['other'] },
];

describe('whose a selection is', () => {
  test('the text of the Key Object Description names the project', () => {
    expect(chooseProject(rules, 'pacs', TITLE['teaching-file'], ' Neuro ')).toEqual({
      project: 'Neuro cases',
      disposition: 'Neuro',
    });
  });

  test('the disposition of another image source does not count', () => {
    expect(chooseProject(rules, 'other', TITLE.publication, 'Chest')).toEqual({
      project: 'Elsewhere',
      disposition: 'Chest',
    });
  });

  test('without a known text the only project that serves the title is meant, and the text is not repeated', () => {
    expect(chooseProject(rules, 'pacs', TITLE['clinical-trial'], 'please send to Prof. Testmann')).toEqual({
      project: 'Trial',
      disposition: null,
    });
  });

  test('two projects that could be meant are never guessed between', () => {
    expect(chooseProject(rules, 'pacs', TITLE['teaching-file'], null)).toMatchObject({
      project: null,
      error: { code: 'AMBIGUOUS_PROJECT' },
    });
  });

  test('a title that no project serves is said so', () => {
    expect(chooseProject(rules, 'pacs', TITLE.publication, null)).toMatchObject({
      project: null,
      error: { code: 'NO_PROJECT' },
    });
  });

  test('a general title is no order unless a project accepts it, and then belongs to that project alone', () => {
    expect(isOrder(rules, 'pacs', FOR_TEACHING)).toBe(false);
    const open = rules.map((rule) => (rule.name === 'Trial' ? { ...rule, documentTitles: [FOR_TEACHING] } : rule));
    expect(isOrder(open, 'pacs', FOR_TEACHING)).toBe(true);
    expect(isOrder(open, 'other', FOR_TEACHING)).toBe(false);
    expect(chooseProject(open, 'pacs', FOR_TEACHING, null)).toEqual({ project: 'Trial', disposition: null });
    // The named project does not accept general titles.
    expect(chooseProject(open, 'pacs', FOR_TEACHING, 'Chest')).toEqual({ project: 'Trial', disposition: null });
  });

  test('a manifest of document sharing is never an order, even where a project accepts its title', () => {
    const wrong = rules.map((rule) => ({ ...rule, documentTitles: [MANIFEST] }));
    expect(isOrder(wrong, 'pacs', MANIFEST)).toBe(false);
  });

  test('the default of the image source has what neither text nor title tell', () => {
    const withDefault = (name: string) =>
      rules.map((rule) => (rule.name === name ? { ...rule, defaultOf: ['pacs'] } : rule));
    const chosen = (name: string, kind: keyof typeof TITLE, text: string | null = null) =>
      chooseProject(withDefault(name), 'pacs', TITLE[kind], text).project;
    expect(chosen('Neuro cases', 'teaching-file')).toBe('Neuro cases');
    expect(chosen('Neuro cases', 'publication')).toBe('Neuro cases');
    expect(chosen('Neuro cases', 'teaching-file', 'Chest')).toBe('Chest cases');
    expect(chosen('Neuro cases', 'clinical-trial')).toBe('Trial');
    // Two others accept the title, the default does not: that is no answer.
    expect(chosen('Trial', 'teaching-file')).toBeNull();
  });

  test('what was pushed here may be of every project', () => {
    expect(chooseProject(rules, RECEIVED, TITLE['clinical-trial'], null)).toMatchObject({ project: 'Trial' });
    expect(chooseProject(rules, RECEIVED, TITLE['teaching-file'], null)).toMatchObject({ project: null });
  });
});
