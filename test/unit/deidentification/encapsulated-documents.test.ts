import { Deidentifier } from '../../../src/deidentification/deidentifier';
import { type PolicyChoices, policyOf } from '../../../src/deidentification/policy-of';
import { bytesElement, textElement } from '../../../src/dicom/data-set';
import { verifierOf } from '../../../src/verification/verifier-of';
import { instance, pseudonyms } from '../../support/deidentification-samples';

const KINDS = [
  ['PDF', '1'],
  ['CDA', '2'],
  ['STL', '3'],
  ['OBJ', '4'],
  ['MTL', '5'],
] as const;
const ENCAPSULATED_DOCUMENT = 0x00420011;
const DOCUMENT_TITLE = 0x00420010;
const HL7_INSTANCE_IDENTIFIER = 0x0040e001;
const BYTES = new TextEncoder().encode('a document that a person has looked at..');

function document(last: string, title = 'Letter on Mr. Vlimpurt') {
  return instance(
    (owner) => [
      textElement(owner, HL7_INSTANCE_IDENTIFIER, 'ST', ['1.2.3.4^0815']),
      textElement(owner, DOCUMENT_TITLE, 'ST', [title]),
      bytesElement(owner, ENCAPSULATED_DOCUMENT, 'OB', BYTES),
      textElement(owner, 0x00420012, 'LO', ['application/pdf']),
    ],
    { SOPClassUID: `1.2.840.10008.5.1.4.1.1.104.${last}` },
  );
}

function keeping(more: PolicyChoices = {}) {
  const policy = policyOf({ encapsulatedDocuments: 'keep', ...more });
  return { policy, deidentifier: new Deidentifier(policy) };
}

describe.each(KINDS)('an encapsulated %s', (_name, last) => {
  test('is held back where the project says nothing', () => {
    const { verdict } = new Deidentifier(policyOf()).plan(document(last));
    expect(verdict).toMatchObject({ outcome: 'quarantined', reason: { code: 'ENCAPSULATED_DOCUMENT' } });
  });

  test('passes with its bytes where the project keeps them, its title and numbers gone', () => {
    const { deidentifier } = keeping();
    const header = document(last);
    const plan = deidentifier.plan(header);
    expect(plan.verdict.outcome).toBe('passed');
    const result = deidentifier.apply(header, plan, pseudonyms);
    expect(Buffer.from(result.element(ENCAPSULATED_DOCUMENT)!.bytes())).toEqual(Buffer.from(BYTES));
    expect(result.string(0x00420012)).toBe('application/pdf');
    expect(result.has(DOCUMENT_TITLE)).toBe(true);
    expect(result.string(DOCUMENT_TITLE) ?? '').toBe('');
    expect(result.string(HL7_INSTANCE_IDENTIFIER)).not.toContain('0815');
  });
});

describe('documents that a project keeps', () => {
  test('are told of by the verifier, so that a person looks', () => {
    const { policy, deidentifier } = keeping();
    const header = document('1');
    const result = deidentifier.apply(header, deidentifier.plan(header), pseudonyms);
    const verdict = verifierOf(policy).verify(header, result, { pseudonyms: [] });
    expect(verdict.outcome).toBe('passed');
    expect(verdict.findings).toContainEqual(
      expect.objectContaining({ rule: 'pixel risk: encapsulated document', severity: 'warning' }),
    );
  });

  test('do not claim the Basic Profile, which puts a dummy in their place', () => {
    const { deidentifier } = keeping();
    expect(deidentifier.plan(document('1')).methodCodes.map(({ CodeValue }) => CodeValue)).not.toContain('113100');
    const image = instance(() => []);
    expect(deidentifier.plan(image).methodCodes.map(({ CodeValue }) => CodeValue)).toContain('113100');
  });

  test('have cleaned titles under Clean Descriptors, and findings in them', () => {
    const { deidentifier } = keeping({ options: ['clean-descriptors'] });
    const header = document('1', 'CT Head Vlimpurt');
    const plan = deidentifier.plan(header);
    expect(plan.findings).toMatchObject([{ path: '00420010', unknown: ['Vlimpurt'] }]);
    expect(deidentifier.apply(header, plan, pseudonyms).string(DOCUMENT_TITLE)).toBe('CT Head');
  });

  test('can have their titles treated otherwise by the project', () => {
    const { deidentifier } = keeping({ overrides: [{ attribute: 'DocumentTitle', action: 'set', value: 'Report' }] });
    const header = document('1');
    expect(deidentifier.apply(header, deidentifier.plan(header), pseudonyms).string(DOCUMENT_TITLE)).toBe('Report');
  });

  test('are quarantined or kept, nothing else', () => {
    expect(() => policyOf({ encapsulatedDocuments: 'blank' })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_CHOICE' }),
    );
  });
});
