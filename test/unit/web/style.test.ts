import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PUBLIC_DIRECTORY } from '../../../src/web/project-root';

const css = readFileSync(join(PUBLIC_DIRECTORY, 'style.css'), 'utf8');
const [light = '', dark = ''] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, body]) => body ?? '');

function colours(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]));
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

const TEXT_ON: readonly (readonly [string, readonly string[]])[] = [
  ['text', ['page', 'surface', 'sunken', 'bad-soft', 'wait-soft', 'good-soft']],
  ['muted', ['page', 'surface', 'bad-soft', 'wait-soft']],
  ['link', ['page', 'surface', 'sunken']],
  ['link-hover', ['page', 'surface']],
  ['on-button', ['button', 'button-hover', 'danger', 'danger-hover']],
  ['danger', ['page', 'sunken']],
  ['bad', ['bad-soft', 'surface', 'page']],
  ['wait', ['wait-soft']],
  ['go', ['go-soft']],
  ['good', ['good-soft']],
  ['calm', ['calm-soft', 'sunken']],
];

describe.each([
  ['light', colours(light)],
  ['dark', new Map([...colours(light), ...colours(dark)])],
])('in the %s theme', (_name, theme) => {
  const colour = (name: string): string => {
    const value = theme.get(name);
    if (value === undefined) throw new Error(`there is no colour --${name}`);
    return value;
  };

  test.each(TEXT_ON)('%s can be read on everything it stands on (WCAG 1.4.3)', (name, grounds) => {
    for (const ground of grounds) {
      expect([ground, contrast(colour(name), colour(ground)) >= 4.5]).toEqual([ground, true]);
    }
  });

  test('fields and the focus can be seen against what is around them (WCAG 1.4.11)', () => {
    for (const [name, ground] of [
      ['strong-line', 'page'],
      ['strong-line', 'surface'],
      ['focus', 'page'],
      ['focus', 'surface'],
      ['button', 'page'],
      ['go', 'go-line'],
    ] as const) {
      expect([name, ground, contrast(colour(name), colour(ground)) >= 3]).toEqual([name, ground, true]);
    }
  });
});
