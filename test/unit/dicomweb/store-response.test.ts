import fc from 'fast-check';
import { parseNativeModel, parseStoreResponse, verdictsOf } from '../../../src/dicomweb/store-response';

describe('a Store Instances Response', () => {
  test('is read as DICOM JSON and as XML, whatever it is labelled', () => {
    const json = { '00081199': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3'] } }] } };
    const xml =
      '<NativeDicomModel><DicomAttribute tag="00081199" vr="SQ"><Item number="1"><DicomAttribute tag="00081155" vr="UI"><Value number="1">1.2.3</Value></DicomAttribute></Item></DicomAttribute></NativeDicomModel>';
    for (const text of [
      JSON.stringify(json),
      JSON.stringify([json]),
      `\uFEFF${JSON.stringify(json)}`,
      xml,
      ` \n${xml}`,
    ]) {
      expect(Object.fromEntries(verdictsOf(parseStoreResponse(text)!))).toEqual({
        '1.2.3': { verdict: 'stored', warningReason: null },
      });
    }
  });

  test('is nothing else', () => {
    for (const text of ['<html><body>1.2.3</body></html>', 'stored', '"stored"', '3', 'null']) {
      expect(parseStoreResponse(text)).toBeUndefined();
    }
  });

  test('does not expand entities, nor nest without end', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "1.2.3">]><NativeDicomModel>${'<Item>'.repeat(100_000)}`;
    expect(parseNativeModel(bomb)).toBeUndefined();
  });

  test('whatever comes, reading it ends in an answer', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      '"',
      "'",
      '=',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<NativeDicomModel>',
      '<Item>',
      '</Item>',
      '<DicomAttribute tag="00081199">',
      '</DicomAttribute>',
      '<Value>',
      '</Value>',
      '1.2',
      ' ',
      '<?',
      '?>',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (all) => {
        const response = parseNativeModel(all.join(''));
        if (response !== undefined) {
          verdictsOf(response);
        }
      }),
      { numRuns: 500 },
    );
  });
});
