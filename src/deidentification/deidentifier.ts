import { cannot, Fault } from '../base/errors';
import type { Outcome, Reason } from '../base/outcome';
import type { CodedConcept } from '../dicom/coded-concept';
import type { DataSet } from '../dicom/data-set';
import { isPrivate, type Tag } from '../dicom/tag';
import type { VR } from '../dicom/vr';
import { Additions, additionChange } from './additions';
import { Applier } from './applier';
import { attributeTypes } from './attribute-types';
import { MadeOnce } from './made-once';
import type { DeidentificationPlan, SetPlan } from './plan';
import { Planner } from './planner';
import { checkPolicy, type DeidentificationPolicy } from './policy';
import { methodCodes } from './profile-options';
import type { Pseudonyms } from './pseudonyms';
import { RuleBook } from './rule-book';
import { reasonToQuarantine } from './verdict';

export type { ActionCode, AttributeType } from './action-codes';
export type { DeidentificationPlan, PlannedChange } from './plan';
export { basicPolicy, type DeidentificationPolicy } from './policy';
export { PROFILE_OPTIONS, type ProfileOption } from './profile-options';
export type { Pseudonyms } from './pseudonyms';

const SOP_CLASS_UID: Tag = 0x00080016;

/** PS3.3 C.7.6.3, C.7.6.24, C.7.6.31: pixels and their extended offset tables. */
const PIXEL_DATA: ReadonlySet<Tag> = new Set([0x7fe00001, 0x7fe00002, 0x7fe00003, 0x7fe00008, 0x7fe00009, 0x7fe00010]);

const NO_STEPS: SetPlan = { size: 0, steps: [] };

/**
 * The confidentiality profile of one policy (PS3.15 Annex E): what it would do to an instance, and the doing of it.
 * Without state: one serves any number of instances.
 */
export class Deidentifier {
  readonly #policy: DeidentificationPolicy;
  readonly #rules: RuleBook;
  readonly #additions: Additions;
  readonly #made = { empty: new MadeOnce(), dummies: new MadeOnce() };
  readonly #methodCodes: readonly CodedConcept[];

  /** Throws Fault on a policy that cannot be carried out. */
  constructor(policy: DeidentificationPolicy) {
    this.#policy = policy;
    this.#rules = new RuleBook(policy);
    checkPolicy(policy, (tag) => this.#rules.mayBeConstant(tag));
    this.#methodCodes = methodCodes(policy.options);
    this.#additions = new Additions(policy.edition, this.#methodCodes);
  }

  /** Never throws: what cannot be judged is held back. */
  plan(header: DataSet): DeidentificationPlan {
    let planner = new Planner(this.#rules);
    try {
      const SOPClassUID = header.string(SOP_CLASS_UID);
      const reason = reasonToQuarantine(header, SOPClassUID);
      if (reason !== null) return this.#heldBack(reason);
      const sopClass = SOPClassUID ?? '';
      const types = attributeTypes(sopClass);
      let steps = planner.plan(header, types, null);
      if (planner.leftReferencesDangling && !hasRelationshipModule(sopClass)) {
        planner = new Planner(this.#rules, true);
        steps = planner.plan(header, types, null);
      }
      for (const addition of this.#additions.plan(header)) planner.changes.push(additionChange(addition));
      return {
        edition: this.#policy.edition,
        methodCodes: this.#methodCodes,
        changes: planner.changes,
        verdict: { outcome: 'passed', value: null },
        steps: steps ?? { size: header.elements.length, steps: [] },
      };
    } catch (error) {
      return this.#heldBack(ruleFailed(planner.path, error));
    }
  }

  /**
   * The header as the plan says, a copy. Throws Fault with the code of the verdict where the plan did not pass,
   * RULE_FAILED (with the path) where a new value cannot be written, PLAN_OF_ANOTHER where the plan is not of this
   * data set. Whatever is thrown, nothing of the instance may go on.
   */
  apply(header: DataSet, plan: DeidentificationPlan, pseudonyms: Pseudonyms): DataSet {
    if (plan.verdict.outcome !== 'passed') throw fault(plan.verdict.reason);
    const applier = new Applier(header, pseudonyms, this.#made);
    try {
      const elements = applier.elements(header, plan.steps);
      this.#additions.addTo(elements, header);
      return header.withElements(elements);
    } catch (error) {
      if (error instanceof Fault && error.code === 'PLAN_OF_ANOTHER') throw error;
      throw fault(ruleFailed(applier.at?.path ?? '', error), error);
    }
  }

  /** Both in one, with the outcome as a value. */
  deidentify(
    header: DataSet,
    pseudonyms: Pseudonyms,
  ): Outcome<{ readonly plan: DeidentificationPlan; readonly dataSet: DataSet }> {
    const plan = this.plan(header);
    if (plan.verdict.outcome !== 'passed') return plan.verdict;
    try {
      return { outcome: 'passed', value: { plan, dataSet: this.apply(header, plan, pseudonyms) } };
    } catch (error) {
      return { outcome: 'quarantined', reason: reasonOf(error) };
    }
  }

  /** After the first bulk element only pixels have business; anything else there has gone past the plan. */
  planRest(tag: Tag, _vr: VR): 'keep' | 'drop' {
    return PIXEL_DATA.has(tag) ? 'keep' : 'drop';
  }

  /** For `ReadOptions.elide`: what goes whatever its value, its Type and the SOP Class. */
  readonly elide = (tag: Tag, _vr: VR): boolean => {
    if (isPrivate(tag)) return true;
    const rule = this.#rules.rule(tag);
    return rule.always === 'X' && rule.constant === undefined;
  };

  #heldBack(reason: Reason): DeidentificationPlan {
    return {
      edition: this.#policy.edition,
      methodCodes: this.#methodCodes,
      changes: [],
      verdict: { outcome: 'quarantined', reason },
      steps: NO_STEPS,
    };
  }
}

/**
 * Presentation states use Referenced Series Sequence (0008,1115) in a relationship module of their own, Type 1
 * (PS3.3 C.11.11, C.39.1): the references in it are what they are about.
 */
function hasRelationshipModule(SOPClassUID: string): boolean {
  return (
    SOPClassUID.startsWith('1.2.840.10008.5.1.4.1.1.11.') || SOPClassUID.startsWith('1.2.840.10008.5.1.4.1.1.9.100.')
  );
}

/** Names the place and the code, never the message of what went wrong: that could hold a value. */
function ruleFailed(path: string, error: unknown): Reason {
  const code = error instanceof Fault ? ` (${error.code})` : '';
  return { code: 'RULE_FAILED', message: `${path === '' ? 'the data set' : path} could not be de-identified${code}` };
}

function fault(reason: Reason, cause?: unknown): Fault {
  return cannot(reason.code, reason.message, {
    ...(reason.remedy === undefined ? {} : { remedy: reason.remedy }),
    ...(cause === undefined ? {} : { cause }),
  });
}

function reasonOf(error: unknown): Reason {
  if (!(error instanceof Fault)) return { code: 'RULE_FAILED', message: 'the instance could not be de-identified' };
  return {
    code: error.code,
    message: error.message,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  };
}
