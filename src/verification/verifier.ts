import type { Reason } from '../base/outcome';
import type { ProfileOption } from '../deidentification/profile-options';
import type { DataSet } from '../dicom/data-set';
import type { Tag } from '../dicom/tag';
import type { Verdict, VerificationFinding } from './finding';
import { fold } from './folding';
import { integrityFindings } from './integrity';
import { pixelRisk } from './pixel-risk';
import { Place } from './place';
import { requiredAttributeFindings } from './required-attributes';
import { ResidualSearch } from './residual-identifiers';
import { IdentifierCollector } from './source-identifiers';

export type { Severity, Verdict, VerificationFinding } from './finding';
export { isPixelRisk, pixelRisk, saysBurnedIn } from './pixel-risk';

export interface VerifierOptions {
  /** Of the policy: what the options retain is no leak. */
  readonly options?: ReadonlySet<ProfileOption>;
  /** Attributes that the project keeps by name. */
  readonly keptAttributes?: ReadonlySet<Tag>;
  /** The project keeps private attributes by name. */
  readonly privateKept?: boolean;
  /** Values that the project puts in every instance. */
  readonly meant?: readonly string[];
}

export interface VerificationContext {
  /** Values that are meant to be there, whatever they look like. */
  readonly pseudonyms: readonly string[];
}

const RESIDUAL = 'residual ';

/**
 * May this result leave? Judges the result of de-identification by the source alone, without the rules that made it
 * (PS3.15 E.1.1): no identifier of the source is left, it is a valid instance, and another one.
 * One serves any number of instances, one after the other.
 */
export class Verifier {
  readonly #collector: IdentifierCollector;
  readonly #search = new ResidualSearch();
  readonly #attributes: ReadonlySet<Tag>;
  readonly #options: ReadonlySet<ProfileOption>;
  readonly #datesKept: boolean;

  readonly #privateKept: boolean;
  readonly #meant: readonly string[];

  constructor({
    options = new Set(),
    keptAttributes = new Set(),
    privateKept = false,
    meant = [],
  }: VerifierOptions = {}) {
    this.#privateKept = privateKept || options.has('retain-safe-private');
    this.#meant = meant.filter((value) => value !== '').map(fold);
    this.#options = options;
    this.#attributes = keptAttributes;
    this.#datesKept =
      options.has('retain-longitudinal-full-dates') || options.has('retain-longitudinal-modified-dates');
    this.#collector = new IdentifierCollector({
      uids: options.has('retain-uids'),
      device: options.has('retain-device-identity'),
      institution: options.has('retain-institution-identity'),
      attributes: keptAttributes,
    });
  }

  /** Never throws: what cannot be judged is held back with VERIFIER_FAILED. */
  verify(source: DataSet, result: DataSet, context: VerificationContext): Verdict {
    try {
      const findings = this.#findings(source, result, context);
      const worst = findings.find(({ severity }) => severity === 'hold');
      if (worst === undefined) return { outcome: 'passed', value: null, findings };
      return { outcome: 'quarantined', reason: reasonOf(worst), findings };
    } catch (error) {
      return { outcome: 'quarantined', reason: failed(error), findings: [] };
    }
  }

  #findings(source: DataSet, result: DataSet, context: VerificationContext): VerificationFinding[] {
    const place = new Place();
    const identifiers = this.#collector.collect(source);
    const meant = new Set([...this.#meant, ...context.pseudonyms.filter((value) => value !== '').map(fold)]);
    return [
      ...this.#search.run(result, { source: identifiers, meant, datesKept: this.#datesKept }, place),
      ...integrityFindings(
        source,
        result,
        {
          uids: this.#options.has('retain-uids'),
          privateAttributes: this.#privateKept,
          attributes: this.#attributes,
        },
        place,
      ),
      ...requiredAttributeFindings(source, result, place),
      ...pixelRisk(result),
    ];
  }
}

function reasonOf({ path, rule }: VerificationFinding): Reason {
  if (rule.startsWith(RESIDUAL)) {
    return {
      code: 'RESIDUAL_IDENTIFIER',
      message: `${path} still holds an identifier of the source (${rule.slice(RESIDUAL.length)})`,
      remedy: 'Have the project remove or replace this attribute, or correct it in the image source.',
    };
  }
  return {
    code: 'NOT_INTACT',
    message: `${path}: ${rule}`,
    remedy: 'The instance cannot be exported as it is; its de-identification needs a look.',
  };
}

/** Names the kind of error, never its message: that could hold a value. */
function failed(error: unknown): Reason {
  const name = error instanceof Error ? error.name : 'error';
  return { code: 'VERIFIER_FAILED', message: `the result could not be verified (${name})` };
}
