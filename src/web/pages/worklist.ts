import type { Request } from 'express';
import type { ExportSession, SessionState } from '../../session/export-session';
import type { Page } from '../../session/store-port';
import { href } from '../page';
import { Problem } from '../problem';
import { onlyTheirs } from '../projects';
import { cursorOf, projectOf, single, stateOf } from '../query';
import { can, type Handler, type Route, route } from '../route';
import type { WebContext } from '../web-context';
import { GROUPS, type Group, type GroupName, STATE_WORDS, statesOf } from '../words/states';
import { cut, sentence, text } from '../words/text';
import { moment } from '../words/time';
import { isRunning, type SessionLine, sessionLine } from './session-line';

const LINES = 25;
/** Where one tab shows several states below each other. */
const LINES_OF_SECTION = 10;
const REFRESH_SECONDS = 10;

interface Asked {
  readonly group: Group | null;
  readonly state: SessionState | undefined;
  readonly project: string | undefined;
  readonly cursor: string | undefined;
  readonly refreshOff: boolean;
  /** Of whoever may see some projects only. */
  readonly projects?: readonly string[];
}

interface Section {
  readonly heading: string | null;
  readonly lines: readonly SessionLine[];
  readonly more: { readonly href: string; readonly words: string } | null;
}

function groupOf(request: Request): Group | null {
  const name = single(request, 'show');
  if (name === undefined) return null;
  const group = GROUPS.find((known) => known.name === name);
  if (group === undefined) throw new Problem(400, 'BAD_GROUP', 'The worklist has no such part.');
  return group;
}

export function worklistPage(web: WebContext): readonly Route[] {
  const { read } = web;

  const fetch = (asked: Asked, state: SessionState | undefined, limit: number): Promise<Page<ExportSession>> =>
    read.worklist({
      limit,
      ...(asked.projects === undefined ? {} : { projects: asked.projects }),
      ...(state === undefined ? {} : { state }),
      ...(asked.project === undefined ? {} : { project: asked.project }),
      ...(asked.cursor === undefined ? {} : { cursor: asked.cursor }),
    });

  const show: Handler = async (request, response, { identity, now }) => {
    const state = stateOf(request);
    const asked: Asked = {
      group:
        state === undefined ? groupOf(request) : (GROUPS.find(({ name }) => name === STATE_WORDS[state].group) ?? null),
      state,
      project: projectOf(request),
      cursor: cursorOf(request),
      refreshOff: single(request, 'refresh') === 'off',
      ...onlyTheirs(identity),
    };
    const keep = { project: asked.project, refresh: asked.refreshOff ? 'off' : undefined };
    const [counts, polls] = await Promise.all([read.countsByState(asked.projects), read.polls()]);

    const countOf = (states: readonly SessionState[]) => states.reduce((sum, each) => sum + (counts.get(each) ?? 0), 0);
    const all = countOf([...counts.keys()]);
    const states =
      state !== undefined ? [state] : asked.group === null ? [undefined] : statesIn(asked.group.name, counts);

    const pages = await Promise.all(
      states.map(async (each) => ({
        state: each,
        page: await fetch(asked, each, states.length === 1 ? LINES : LINES_OF_SECTION),
      })),
    );
    const filled = pages.filter(({ page }) => page.items.length > 0);
    const onlyOne = states.length === 1;
    const sections: readonly Section[] = filled.map(({ state: each, page }) => ({
      heading: each === undefined || (onlyOne && state === undefined) ? null : STATE_WORDS[each].badge,
      lines: page.items.map((session) => sessionLine(session, now)),
      more:
        page.nextCursor === null || onlyOne || each === undefined
          ? null
          : {
              href: href('/', { ...keep, state: each }),
              words: `All that are ${STATE_WORDS[each].badge.toLowerCase()}`,
            },
    }));
    const nextCursor = onlyOne ? (pages[0]?.page.nextCursor ?? null) : null;
    const here = { ...keep, state, show: state === undefined ? asked.group?.name : undefined };
    const running = pages.some(({ page }) => page.items.some(isRunning));
    const refreshing = running && !asked.refreshOff;

    const heading = asked.group?.title ?? 'All exports';
    web.pages.send(
      response,
      identity,
      'worklist',
      {
        title: asked.group === null ? 'Exports' : `${heading} – Exports`,
        refresh: refreshing ? REFRESH_SECONDS : null,
      },
      {
        heading,
        tabs: [
          // Counts are of all projects: with one of them picked they would not fit the list.
          tab('All', href('/', keep), asked.project === undefined ? all : null, asked.group === null),
          ...GROUPS.map((group) =>
            tab(
              group.title,
              href('/', { ...keep, show: group.name }),
              asked.project === undefined ? countOf(statesOf(group.name)) : null,
              asked.group?.name === group.name,
            ),
          ),
        ],
        filter:
          asked.project === undefined
            ? null
            : { project: text(asked.project, 80), removeHref: href('/', { ...here, project: undefined }) },
        sections,
        empty: sections.length > 0 ? null : emptyWords(asked, all),
        pager:
          nextCursor === null && asked.cursor === undefined
            ? null
            : {
                firstHref: asked.cursor === undefined ? null : href('/', here),
                nextHref: nextCursor === null ? null : href('/', { ...here, cursor: nextCursor }),
              },
        refresh: running
          ? {
              on: refreshing,
              seconds: REFRESH_SECONDS,
              href: href('/', { ...here, cursor: asked.cursor, refresh: refreshing ? 'off' : undefined }),
            }
          : null,
        sources: polls.map(({ imageSource, lastPolledAt, error }) => ({
          name: text(imageSource, 80),
          polled: lastPolledAt === null ? null : moment(lastPolledAt, now),
          error:
            error === null
              ? null
              : {
                  message: text(sentence(error.message), 240),
                  code: cut(error.code),
                  remedy: error.remedy === undefined ? null : text(error.remedy, 240),
                },
        })),
      },
    );
  };

  return [route('GET', '/', can('read'), show)];
}

function tab(title: string, target: string, count: number | null, current: boolean) {
  return { title, href: target, count: count === null ? null : count.toLocaleString('en'), current };
}

/** States of a tab that have sessions; one of them where none has, so that there is something to ask for. */
function statesIn(group: GroupName, counts: ReadonlyMap<SessionState, number>): readonly SessionState[] {
  const states = statesOf(group);
  // The counts are of all projects; where they say none, there is none in this one either.
  const filled = states.filter((state) => (counts.get(state) ?? 0) > 0);
  return filled.length > 0 ? filled : states.slice(0, 1);
}

function emptyWords(asked: Asked, all: number): { readonly title: string; readonly text: string } {
  if (asked.cursor !== undefined) return { title: 'The list ends here', text: 'Go back to its beginning.' };
  if (all === 0) {
    return {
      title: 'No exports yet',
      text: 'Mark images in the viewer and save a Key Object Selection titled “For Teaching File Export” or “For Clinical Trial Export”. The Export Manager finds it in the image source by itself and shows it here.',
    };
  }
  if (asked.project !== undefined)
    return { title: 'Nothing here', text: 'This project has no export in this part of the list.' };
  return { title: asked.group?.empty ?? 'Nothing here', text: 'The other parts of the list have what there is.' };
}
