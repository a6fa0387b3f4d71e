import { textElement } from '../../../src/dicom/data-set';
import { pixelRisk, Verifier } from '../../../src/verification/verifier';
import { type Elements, MEANT, result, type Shape, source } from './headers';

const NOTHING: Elements = () => [];
const ROWS: readonly (readonly [what: string, header: Elements, shape: Shape, rule: string, severity: string])[] = [
  [
    'Burned In Annotation',
    (owner) => [textElement(owner, 0x00280301, 'CS', ['YES'])],
    {},
    'burned in annotation',
    'warning',
  ],
  [
    'Recognizable Visual Features',
    (owner) => [textElement(owner, 0x00280302, 'CS', ['YES'])],
    {},
    'recognizable visual features',
    'warning',
  ],
  ['a secondary capture', NOTHING, { SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' }, 'secondary capture', 'warning'],
  [
    'a multi-frame secondary capture',
    NOTHING,
    { SOPClassUID: '1.2.840.10008.5.1.4.1.1.7.4' },
    'secondary capture',
    'warning',
  ],
  ['an ultrasound image', NOTHING, { SOPClassUID: '1.2.840.10008.5.1.4.1.1.6.1' }, 'ultrasound', 'warning'],
  [
    'an encapsulated PDF',
    NOTHING,
    { SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1' },
    'encapsulated document',
    'warning',
  ],
  [
    'an angiogram',
    NOTHING,
    { SOPClassUID: '1.2.840.10008.5.1.4.1.1.12.1' },
    'X-ray angiography or fluoroscopy',
    'note',
  ],
  [
    'a saved screen',
    (owner) => [textElement(owner, 0x00080008, 'CS', ['DERIVED', 'SECONDARY', 'SCREEN SAVE'])],
    {},
    'screen capture',
    'warning',
  ],
  [
    'a digitized film',
    (owner) => [textElement(owner, 0x00080064, 'CS', ['DF'])],
    {},
    'digitized or captured',
    'warning',
  ],
];

test.each(ROWS)('told, and not held back: %s', (_what, header, shape, rule, severity) => {
  const told = { path: expect.any(String), rule: `pixel risk: ${rule}`, severity };
  expect(pixelRisk(result(header, shape))).toContainEqual(told);
  const found = new Verifier().verify(source(header, shape), result(header, shape), MEANT);
  expect(found.outcome).toBe('passed');
  expect(found.findings).toContainEqual(told);
});

test('nothing is told of a CT slice, nor of another class whose UID only begins alike', () => {
  expect(pixelRisk(result())).toEqual([]);
  expect(pixelRisk(result(NOTHING, { SOPClassUID: '1.2.840.10008.5.1.4.1.1.66' }))).toEqual([]);
  expect(pixelRisk(result(NOTHING, { SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.4' }))).toEqual([]);
});
