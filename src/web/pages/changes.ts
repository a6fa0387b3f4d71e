import { href } from '../page';
import { pageNumberOf, sessionIdOf, unknownSession } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { groupChanges } from '../words/changes';
import { cut, plural } from '../words/text';
import { changeRow } from './session';

const ROWS = 200;

/** Everything that was done to attributes in one session, as one long table in pages. */
export function changesPage(web: WebContext): readonly Route[] {
  const show: Handler = async (request, response, { identity }) => {
    const number = pageNumberOf(request);
    const session = await web.read.session(sessionIdOf(request));
    if (session === null) throw unknownSession();
    const rows = groupChanges(await web.read.changes(session.id)).flatMap((group) =>
      group.rows.map((row) => ({ ...changeRow(row), action: cut(group.action, 16), title: group.title })),
    );
    const path = `/sessions/${encodeURIComponent(session.id)}`;
    const from = (number - 1) * ROWS;
    web.pages.send(
      response,
      identity,
      'changes',
      { title: 'What was done to the attributes' },
      {
        sessionHref: path,
        words: plural(rows.length, 'attribute'),
        rows: rows.slice(from, from + ROWS),
        previousHref:
          number === 1 ? null : href(`${path}/changes`, { page: number === 2 ? undefined : String(number - 1) }),
        nextHref: from + ROWS < rows.length ? href(`${path}/changes`, { page: String(number + 1) }) : null,
      },
    );
  };
  return [route('GET', '/sessions/:id/changes', can('read'), show)];
}
