import { cannot, Fault } from '../base/errors';
import type { Outcome, Reason } from '../base/outcome';
import { type DataElement, type DataSet, textElement } from '../dicom/data-set';
import { lookUp } from '../dicom/dictionary';
import { isPrivate, type Tag } from '../dicom/tag';
import type { VR } from '../dicom/vr';
import { Additions, additionChange } from './additions';
import { Applier } from './applier';
import { attributeTypes } from './attribute-types';
import { mayBeInTrial, trialAttributes, trialElements } from './clinical-trial';
import { shiftedDate } from './dates';
import { MadeOnce } from './made-once';
import { type DeidentificationPlan, type PlannedChange, type SetPlan, Step } from './plan';
import { Planner } from './planner';
import { checkPolicy, type DeidentificationPolicy } from './policy';
import { methodCodes, optionBit, optionsOf } from './profile-options';
import type { Pseudonyms } from './pseudonyms';
import { RuleBook } from './rule-book';
import { SharedCleaner } from './text-cleaning';
import { type PlanOptions, Texts } from './texts';
import { reasonToQuarantine } from './verdict';

export type { ActionCode, AttributeType } from './action-codes';
export type { DeidentificationPlan, Finding, PlannedChange } from './plan';
export { basicPolicy, type DeidentificationPolicy } from './policy';
export { PROFILE_OPTIONS, type ProfileOption } from './profile-options';
export type { Pseudonyms } from './pseudonyms';
export { TEXT_DECISIONS, type TextDecision } from './text-cleaning';
export type { PlanOptions } from './texts';

const SOP_CLASS_UID: Tag = 0x00080016;

/** PS3.3 C.7.6.3, C.7.6.24, C.7.6.31: pixels and their extended offset tables. */
const PIXEL_DATA: ReadonlySet<Tag> = new Set([0x7fe00001, 0x7fe00002, 0x7fe00003, 0x7fe00008, 0x7fe00009, 0x7fe00010]);

const NO_STEPS: SetPlan = { size: 0, steps: [] };
/** Patients whose instances are on their way at the same time. */
const OFFSETS_REMEMBERED = 32;
const FULL_DATES = optionBit('retain-longitudinal-full-dates');
const MODIFIED_DATES = optionBit('retain-longitudinal-modified-dates');

/**
 * The confidentiality profile of one policy (PS3.15 Annex E): what it would do to an instance, and the doing of it.
 * Without state: one serves any number of instances.
 */
export class Deidentifier {
  readonly #policy: DeidentificationPolicy;
  readonly #rules: RuleBook;
  /** By the options that were in force, and whether more was kept. */
  readonly #additions = new Map<number, Additions>();
  readonly #cleaner = new SharedCleaner();
  readonly #shiftingCleaners = new Map<number, SharedCleaner>();
  readonly #made = {
    empty: new MadeOnce(),
    dummies: new MadeOnce(),
    cleaner: (days: number): SharedCleaner => this.#shiftingCleaner(days),
  };
  /** Attributes that are set, also where there was none. */
  readonly #set: readonly { readonly tag: Tag; readonly value: string }[];

  /** Throws Fault on a policy that cannot be carried out. */
  constructor(policy: DeidentificationPolicy) {
    this.#policy = policy;
    this.#rules = new RuleBook(policy);
    checkPolicy(policy, (tag) => this.#rules.mayBeConstant(tag));
    this.#set = (policy.overrides ?? []).flatMap(({ attribute, within, action, value }) =>
      action === 'set' && within.length === 0 && typeof attribute === 'number'
        ? [{ tag: attribute, value: value ?? '' }]
        : [],
    );
  }

  /** Never throws: what cannot be judged is held back. */
  plan(header: DataSet, options: PlanOptions = {}): DeidentificationPlan {
    const texts = new Texts(this.#cleaner, header, options);
    let planner = new Planner(this.#rules, texts);
    try {
      const SOPClassUID = header.string(SOP_CLASS_UID);
      const reason = reasonToQuarantine(header, SOPClassUID, this.#policy.encapsulatedDocuments);
      if (reason !== null) return this.#heldBack(reason);
      const sopClass = SOPClassUID ?? '';
      const types = attributeTypes(sopClass);
      let steps = planner.plan(header, types, null);
      if (planner.leftReferencesDangling && !hasRelationshipModule(sopClass)) {
        planner = new Planner(this.#rules, texts, true);
        steps = planner.plan(header, types, null);
      }
      const additions = this.#additionsFor(planner.used, planner.weakened);
      const { changes, findings } = planner;
      this.#planWritten(header, changes);
      for (const addition of additions.plan(header)) changes.push(additionChange(addition));
      return {
        edition: this.#policy.edition,
        methodCodes: additions.codes,
        changes,
        findings,
        verdict:
          findings.length > 0 && texts.holds
            ? { outcome: 'quarantined', reason: TEXT_NEEDS_REVIEW }
            : { outcome: 'passed', value: null },
        steps: steps ?? { size: header.elements.length, steps: [] },
        additions,
        ...(this.#policy.options.has('retain-longitudinal-modified-dates') ? { texts } : {}),
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
    const applier = new Applier(header, pseudonyms, this.#made, plan.texts ?? null);
    try {
      const elements = applier.elements(header, plan.steps);
      this.#write(elements, header, pseudonyms);
      (plan.additions ?? this.#additionsFor(0, false)).addTo(elements, header);
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
  readonly elide = (tag: Tag, vr: VR): boolean => {
    if (isPrivate(tag)) return !(this.#rules.mayKeepPrivate && (vr === 'SQ' || vr === 'UN'));
    const rule = this.#rules.rule(tag);
    return rule.always === 'X' && rule.constant === undefined && rule.option === null && rule.overrides === null;
  };

  #shiftingCleaner(days: number): SharedCleaner {
    let cleaner = this.#shiftingCleaners.get(days);
    if (cleaner === undefined) {
      cleaner = new SharedCleaner((date) => shiftedDate(date, days));
      if (this.#shiftingCleaners.size >= OFFSETS_REMEMBERED) this.#shiftingCleaners.clear();
      this.#shiftingCleaners.set(days, cleaner);
    }
    return cleaner;
  }

  #additionsFor(used: number, weakened: boolean): Additions {
    const key = used * 2 + (weakened ? 1 : 0);
    let additions = this.#additions.get(key);
    if (additions === undefined) {
      const codes = methodCodes(optionsOf(used));
      const temporal =
        (used & FULL_DATES) !== 0 ? 'UNMODIFIED' : (used & MODIFIED_DATES) !== 0 ? 'MODIFIED' : 'REMOVED';
      // Where a project keeps what the profile removes, the Basic Profile (113100) is not what was done.
      additions = new Additions(this.#policy.edition, weakened ? codes.slice(1) : codes, temporal, weakened);
      this.#additions.set(key, additions);
    }
    return additions;
  }

  /** What is there after the rewriting although it was not, or was of another trial. */
  #planWritten(header: DataSet, changes: PlannedChange[]): void {
    for (const { tag } of this.#set) {
      if (!header.has(tag)) changes.push(added(tag, lookUp(tag)!.keyword, 'override'));
    }
    const trial = this.#policy.clinicalTrial;
    if (trial === undefined || !mayBeInTrial(header)) return;
    for (const { tag, keyword, clause } of trialAttributes(trial)) changes.push(added(tag, keyword, clause));
  }

  #write(elements: DataElement[], header: DataSet, pseudonyms: Pseudonyms): void {
    for (const { tag, value } of this.#set) {
      if (!header.has(tag)) elements.push(textElement(header, tag, lookUp(tag)!.vr, value === '' ? [] : [value]));
    }
    const trial = this.#policy.clinicalTrial;
    if (trial !== undefined && mayBeInTrial(header)) elements.push(...trialElements(trial, pseudonyms, header));
  }

  #heldBack(reason: Reason): DeidentificationPlan {
    return {
      edition: this.#policy.edition,
      methodCodes: this.#additionsFor(0, false).codes,
      changes: [],
      findings: [],
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

const TEXT_NEEDS_REVIEW: Reason = {
  code: 'TEXT_NEEDS_REVIEW',
  message: 'text is neither known to be harmless nor known to identify somebody',
  remedy: 'Have a person decide on each text, or let the proposals take their place.',
};

function added(tag: Tag, keyword: string, rule: string): PlannedChange {
  return new Step(null, -1, tag, keyword, 'add', rule, 'add', 'UN');
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
