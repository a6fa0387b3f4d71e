import type { ExportSession } from '../../session/export-session';
import type { OpenFinding } from '../../session/review-port';
import { Problem } from '../problem';
import { actorOf, idOf, sessionIdOf } from '../query';
import { requireDecided } from '../review';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { DECISION_WORDS, reasonWords } from '../words/findings';
import { cut, plural, type Text, text, visible } from '../words/text';

/** Of each kind on one page: whoever approves decides the rest by its proposals. */
const SHOWN = 100;
const SHOWN_TEXT = 400;

interface FindingRow {
  readonly to: string;
  readonly reason: string;
  readonly instances: string;
  readonly paths: string;
  readonly text: Text | null;
  readonly proposal: Text | null;
  readonly nothingLeft: boolean;
  /** Value of the field in which it can be edited. */
  readonly editable: string;
  readonly decided: string | null;
}

export interface ReviewSection {
  readonly texts: readonly FindingRow[];
  readonly pixels: readonly FindingRow[];
  readonly hidden: string | null;
  /** null where it is not for this person, or not the time, to decide. */
  readonly approve: { readonly to: string; readonly words: string } | null;
}

/** null where there is nothing to look at. */
export function reviewSection(
  session: ExportSession,
  findings: readonly OpenFinding[],
  mayDecide: boolean,
): ReviewSection | null {
  const inReview = session.state === 'review';
  if (findings.length === 0 && !inReview) return null;
  const path = `/sessions/${encodeURIComponent(session.id)}`;
  const rows = (kind: OpenFinding['kind']) =>
    findings
      .filter((finding) => finding.kind === kind)
      .slice(0, SHOWN)
      .map((finding) => findingRow(finding, path));
  const [texts, pixels] = [rows('text'), rows('pixel')];
  const hidden = findings.length - texts.length - pixels.length;
  const open = findings.filter(({ decision }) => decision === null).length;
  return {
    texts,
    pixels,
    hidden: hidden === 0 ? null : plural(hidden, 'further finding'),
    approve:
      inReview && mayDecide
        ? {
            to: `${path}/approve`,
            words: open === 0 ? 'Approve' : `Approve, and decide ${plural(open, 'open finding')} as proposed`,
          }
        : null,
  };
}

function findingRow(finding: OpenFinding, path: string): FindingRow {
  const { text: found, decision, decidedBy } = finding;
  return {
    to: `${path}/findings/${encodeURIComponent(finding.id)}`,
    reason: reasonWords(finding),
    instances: plural(finding.instances, 'instance'),
    paths: finding.paths.map((each) => cut(each, 100)).join(', '),
    text: found === null ? null : text(found.text, SHOWN_TEXT),
    proposal: found === null ? null : text(found.proposal, SHOWN_TEXT),
    nothingLeft: found !== null && found.proposal.trim() === '',
    editable: found === null ? '' : visible(found.proposal).slice(0, 1_000),
    decided:
      decision === null
        ? null
        : `${finding.kind === 'pixel' ? 'Looked at' : DECISION_WORDS[decision]} by ${cut(decidedBy ?? '', 60)}${
            finding.replacement === null ? '' : `: ${cut(finding.replacement, 200)}`
          }`,
  };
}

export function reviewForms(web: WebContext): readonly Route[] {
  const decide: Handler = async (request, response, { identity }) => {
    const id = sessionIdOf(request);
    const body = (request.body ?? {}) as Readonly<Record<string, unknown>>;
    const { decision, replacement } = body;
    if (decision === undefined) throw new Problem(400, 'BAD_DECISION', 'The form names no decision.');
    const asked = decision === 'edit' ? { decision, replacement } : { decision };
    requireDecided(await web.review.decide(id, idOf(request, 'finding'), asked, actorOf(identity)));
    response.redirect(303, `/sessions/${encodeURIComponent(id)}#review`);
  };
  return [route('POST', '/sessions/:id/findings/:finding', can('review'), decide)];
}
