import { ProjectKey } from '../../../src/pseudonymization/project-key';

const key = ProjectKey.of(new Uint8Array(32).fill(7));
const offsets = (keepWeekday: boolean) =>
  Array.from({ length: 3000 }, (_, n) => key.dateOffsetDays(`PAT-${n}`, 'HOSPITAL', { keepWeekday }));

describe('the date offset of a patient', () => {
  test('is whole days, one to ten years into the past, and spread over them', () => {
    const found = offsets(false);
    expect(found.every((days) => Number.isInteger(days) && days <= -365 && days >= -3650)).toBe(true);
    expect(new Set(found).size).toBeGreaterThan(1500);
  });

  test('is whole weeks where the weekday is kept', () => {
    const found = offsets(true);
    expect(found.every((days) => days % 7 === 0 && days <= -371 && days >= -3647)).toBe(true);
    expect(new Set(found).size).toBeGreaterThan(400);
  });

  test('is the same each time, padding or not, and another for another issuer or key', () => {
    expect(key.dateOffsetDays('4711 ', 'A')).toBe(key.dateOffsetDays('4711', 'A'));
    expect(key.dateOffsetDays('4711', 'A')).not.toBe(key.dateOffsetDays('4711', 'B'));
    const other = ProjectKey.of(new Uint8Array(32).fill(8));
    expect(other.dateOffsetDays('4711', 'A')).not.toBe(key.dateOffsetDays('4711', 'A'));
  });
});
