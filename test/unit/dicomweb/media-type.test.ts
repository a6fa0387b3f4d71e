import { parseAccept, parseMediaType } from '../../../src/dicomweb/media-type';

describe('a media type', () => {
  test.each([
    ['application/dicom', 'application/dicom', {}],
    [
      'Multipart/Related;TYPE=application/dicom ; Boundary="a;b=\\"c"',
      'multipart/related',
      { type: 'application/dicom', boundary: 'a;b="c' },
    ],
    ['multipart/related; boundary=abc; boundary=def', 'multipart/related', { boundary: 'abc' }],
    ['multipart/related; boundary=', 'multipart/related', { boundary: '' }],
    ['multipart/related; boundary', 'multipart/related', {}],
    ['', '', {}],
  ])('%j is read by its parts', (text, essence, parameters) => {
    const mediaType = parseMediaType(text);
    expect(mediaType.essence).toBe(essence);
    expect(Object.fromEntries(mediaType.parameters)).toEqual(parameters);
  });

  test('an Accept header is a list of them, without those that are not wanted', () => {
    const ranges = parseAccept(
      'multipart/related; type="application/dicom, or so"; transfer-syntax=*, text/html;q=0,*/*;q=0.1',
    );
    expect(ranges.map(({ essence }) => essence)).toEqual(['multipart/related', '*/*']);
    expect(ranges[0]!.parameters.get('transfer-syntax')).toBe('*');
    expect(parseAccept(undefined)).toEqual([]);
  });
});
