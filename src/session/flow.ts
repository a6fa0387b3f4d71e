import { Fault, unreachable } from '../base/errors';
import { faultFields } from '../base/log';
import { backoff, hasTriedEnough } from './backoff';
import { deliverSelection } from './deliver-stage';
import type { ExportSession, SessionError, SessionState } from './export-session';
import type { FlowDeps, ProjectPolicy } from './flow-deps';
import { addInformation, sourceOfSession } from './information-source';
import { type PlanResult, planSelection } from './plan-stage';
import type { ImageSource, Receiver } from './ports';
import type { Project } from './store-port';

/**
 * Takes a session one stage on. Safe to run twice and to be killed anywhere: what was done is recorded by the stages,
 * and each stage starts from what is recorded. Faults of peers become the session's error and a later try; anything
 * else is a defect and thrown.
 */
export async function advance(sessionId: string, deps: FlowDeps, signal: AbortSignal): Promise<void> {
  const loaded = await deps.store.load(sessionId);
  if (loaded === null) return;
  const { session, selection, project } = loaded;
  const step = new Step(session, deps, signal);
  switch (session.state) {
    case 'planning':
    case 'waiting':
      return step.guarded(session.state, async () => {
        const copies = await deps.store.awaitedCopies(session.id);
        if (copies.length > 0) {
          return step.to('waiting', 'waits for copies of the selection', {
            code: 'COPIES_MISSING',
            message: `the selection names ${copies.length} copies of itself that the image source does not have yet`,
            remedy: 'Store them in the image source, release the session to go on without them, or cancel it.',
            retryable: true,
          });
        }
        const { project: owner, source: keeper } = step.parties(project);
        const source = await sourceOfSession(session.id, selection, keeper, deps);
        await addInformation(session.id, selection, owner, source, deps, signal);
        const policy = deps.policy(owner);
        const partial = deps.partial?.(owner) ?? null;
        if (session.state === 'planning') {
          deps.log.info('planning begins', { session: session.id });
        }
        const plan = await planSelection(
          session.id,
          owner,
          {
            PatientID: selection.source.PatientID.trim(),
            IssuerOfPatientID: selection.source.IssuerOfPatientID.trim(),
            description: session.disposition === null ? (selection.description ?? '').trim() : '',
          },
          source,
          session.state === 'waiting',
          deps,
          signal,
          partial === null
            ? null
            : { withoutMissing: deps.now().getTime() - session.createdAt.getTime() >= partial.waitForMissing },
        );
        switch (plan.result) {
          case 'planned':
            return step.planned(plan, policy);
          case 'missing':
            return step.to('waiting', 'waits for instances', {
              code: 'INSTANCES_MISSING',
              message: `the image source does not have ${plan.count} of the referenced instances`,
              remedy: 'They are looked for again; store them in the image source, or cancel the session.',
              retryable: true,
            });
          case 'quarantined':
            return step.to('quarantined', 'held back', {
              code: 'INSTANCES_QUARANTINED',
              message: `${plan.count} of the instances cannot leave, each for the reason beside it; nothing was sent`,
              remedy: 'Correct them in the image source and retry, or cancel the session.',
              retryable: false,
            });
          case 'rejected':
            return step.to('rejected', 'rejected', {
              code: plan.code,
              message: plan.message,
              remedy: 'Make one selection for each patient.',
              retryable: false,
            });
          default:
            return unreachable(plan);
        }
      });
    case 'queued':
      // The next run begins in `exporting`: should it be cut off, the one after knows that something may have been sent.
      await step.to('exporting', 'sending begins', null);
      return deliver(false);
    case 'exporting':
      return deliver(true);
    case 'received':
    case 'delayed':
    case 'review':
    case 'completed':
    case 'failed':
    case 'quarantined':
    case 'rejected':
    case 'cancelled':
    case 'superseded':
      return;
    default:
      return unreachable(session.state);
  }

  async function deliver(resumed: boolean): Promise<void> {
    await step.guarded('exporting', async () => {
      const { project: owner, source: keeper, receiver } = step.parties(project);
      const source = await sourceOfSession(sessionId, selection, keeper, deps);
      const receipt = await deliverSelection(
        {
          sessionId,
          project: owner,
          selection,
          source,
          receiver,
          habits: deps.habits(receiver.name),
          partial: (deps.partial?.(owner) ?? null) !== null,
          again: loaded?.delivery !== undefined && loaded.delivery > 1,
          subject: session.subject ?? '',
          disposition: session.disposition,
          resumed,
        },
        deps,
        signal,
      );
      await deps.store.complete(sessionId, receipt);
      deps.log.info('export completed', { session: sessionId, instances: receipt.instances.length });
    });
  }
}

function readyToLeave(leftOut: number): string {
  return leftOut === 0 ? 'checked: ready to leave' : `checked: ready to leave without ${leftOut} of the instances`;
}

/** What is wrong with the manifest will be wrong with it after checking the instances again, too. */
const OF_THE_MANIFEST: ReadonlySet<string> = new Set([
  'MANIFEST_HELD_BACK',
  'UNKNOWN_DOCUMENT_TITLE',
  'UNPLACED_REFERENCE',
]);

type Planned = Extract<PlanResult, { readonly result: 'planned' }>;

class Step {
  private state: SessionState;

  constructor(
    private readonly session: ExportSession,
    private readonly deps: FlowDeps,
    private readonly signal: AbortSignal,
  ) {
    this.state = session.state;
  }

  parties(project: Project | null): { project: Project; source: ImageSource; receiver: Receiver } {
    if (project === null) throw new Fault('NO_PROJECT', 'cannot', 'the session has no project');
    const source = this.deps.imageSource(this.session.imageSource);
    const receiver = this.deps.receiver(this.session.receiver ?? project.receiver);
    if (source === undefined || receiver === undefined) {
      throw new Fault(
        'NOT_CONFIGURED',
        'could-not',
        `the ${source === undefined ? 'image source' : 'Receiver'} of this session is not configured any more`,
        {
          remedy: 'Put it back into the configuration, or cancel the session.',
        },
      );
    }
    // Of several Receivers, the one of this session.
    return { project: { ...project, receiver: receiver.name }, source, receiver };
  }

  /** An error that can pass is followed by another try; one that waits for a person is not. */
  async to(
    state: SessionState,
    event: string,
    error: SessionError | null,
    next: number | undefined = error?.retryable === true ? backoff(this.session.attempts) : undefined,
    more: { readonly edition?: string; readonly options?: readonly string[]; readonly subject?: string } = {},
  ): Promise<void> {
    await this.deps.store.move(this.session.id, {
      from: this.state,
      to: state,
      event,
      error,
      repeated: error !== null && state === this.session.state && error.code === this.session.error?.code,
      ...(next === undefined ? {} : { next }),
      ...more,
    });
    this.deps.log.info('session moved', { session: this.session.id, from: this.state, to: state, code: error?.code });
    this.state = state;
  }

  /** On to the queue, or first to a person: what they approved before does not stop again unless there is more. */
  async planned(
    { subject, waits, leftOut, undecided, approved }: Planned,
    { edition, options, review }: ProjectPolicy,
  ): Promise<void> {
    const more = { edition, options, ...(subject === null ? {} : { subject }) };
    if (waits !== null) return this.to('review', 'waits for a person: who the subject is', waits, undefined, more);
    const looks = review === 'always' ? !approved || undecided > 0 : review === 'on-findings' && undecided > 0;
    if (!looks) return this.to('queued', readyToLeave(leftOut), null, 0, more);
    const what = undecided === 0 ? 'as every session of the project' : `${undecided} to look at`;
    return this.to('review', `waits for a person: ${what}`, null, undefined, more);
  }

  async guarded(stage: SessionState, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // Shutting down is no failure of the session: the job goes back to the queue.
      if (this.signal.aborted || !(error instanceof Fault)) throw error;
      if (error.code === 'SESSION_MOVED') {
        this.deps.log.info('session was moved by somebody else', { session: this.session.id, stage });
        return;
      }
      this.deps.log.warn('stage could not finish', { session: this.session.id, stage, ...faultFields(error) });
      const moved =
        error.code === 'SOURCE_CHANGED' ||
        (!error.retryable && this.state === 'exporting' && !OF_THE_MANIFEST.has(error.code));
      const failure: SessionError = {
        code: error.code,
        message: error.message,
        ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
        retryable: error.retryable || moved,
      };
      if (hasTriedEnough(this.session.attempts) || (!failure.retryable && !moved)) {
        return this.to('failed', 'failed', { ...failure, retryable: false });
      }
      // What was checked is not what came now: check all of it again before anything else leaves.
      if (moved) return this.to('planning', 'checked again', failure);
      return this.to(this.state, 'could not finish; tries again', failure);
    }
  }
}
