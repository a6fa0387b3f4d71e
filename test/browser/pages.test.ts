import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import {
  type ExportsInMemory,
  exportsInMemory,
  makeSession,
  ONE_TIME_TOKEN,
  PASSWORD,
  sessionId,
  USERNAME,
} from '../integration/web/exports-in-memory';
import { DONE, fillWithSamples, QUARANTINED, SENDING, WAITING } from '../integration/web/sample-exports';
import { findProgram, program, suiteNeeding } from '../support/suites';

const WIDE = { width: 1280, height: 900 };
const SMALL = { width: 320, height: 720 };

/** Where pictures of the pages go, if anywhere. */
const PICTURES = process.env.TCE_PICTURES;

suiteNeeding(program('chromium', 'chromium-browser'), 'the pages in a browser', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  let world: ExportsInMemory;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: findProgram('chromium', 'chromium-browser') ?? '',
      chromiumSandbox: false,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    world = exportsInMemory();
    fillWithSamples(world);
    server = createServer(world.app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Never with script: the pages have to do without. */
  async function open(options: { viewport?: typeof WIDE; dark?: boolean } = {}): Promise<Page> {
    const context = await browser.newContext({
      baseURL: origin,
      javaScriptEnabled: false,
      viewport: options.viewport ?? WIDE,
      colorScheme: options.dark === true ? 'dark' : 'light',
    });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    return page;
  }

  async function signIn(page: Page): Promise<void> {
    await page.goto('/');
    await page.getByLabel('Username').fill(USERNAME);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${origin}/`);
  }

  /** The page stays at its address: that the form was answered is told by the answer. */
  async function sends(page: Page, act: () => Promise<void>): Promise<void> {
    await Promise.all([page.waitForResponse((response) => response.request().method() === 'POST'), act()]);
  }

  async function picture(page: Page, name: string): Promise<void> {
    if (PICTURES === undefined) return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  }

  async function overflow(page: Page): Promise<number> {
    const { cssContentSize, cssLayoutViewport } = await (await page.context().newCDPSession(page)).send(
      'Page.getLayoutMetrics',
    );
    return cssContentSize.width - cssLayoutViewport.clientWidth;
  }

  const PAGES = [
    ['worklist', '/'],
    ['attention', '/?show=needs-attention'],
    ['done', `/sessions/${DONE}`],
    ['waiting', `/sessions/${WAITING}`],
    ['quarantined', `/sessions/${QUARANTINED}`],
    ['sending', `/sessions/${SENDING}?refresh=off`],
    ['changes', `/sessions/${DONE}/changes`],
    ['receipt', `/sessions/${DONE}/receipt`],
    ['teaching-file', `/sessions/${WAITING}/teaching-file`],
    ['projects', '/projects'],
    ['destroy-key', `/projects/${encodeURIComponent('Dr.Jost teaching file')}/destroy-key`],
    ['accounts', '/accounts'],
    ['audit', '/audit'],
    ['password', '/password'],
    ['not-found', '/nowhere'],
  ] as const;

  test.each([
    ['wide', WIDE, false],
    ['wide and dark', WIDE, true],
    ['320 pixels wide', SMALL, false],
    ['320 pixels wide and dark', SMALL, true],
  ] as const)('no page scrolls sideways: %s', async (name, viewport, dark) => {
    const page = await open({ viewport, dark });
    const shot = name.replaceAll(' ', '-');
    await page.goto('/sign-in');
    expect(await overflow(page)).toBe(0);
    await picture(page, `${shot}-sign-in`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    expect(await overflow(page)).toBe(0);
    await picture(page, `${shot}-sign-in-errors`);
    await signIn(page);
    for (const [title, path] of PAGES) {
      const response = await page.goto(path);
      expect([title, response?.status()]).toEqual([title, title === 'not-found' ? 404 : 200]);
      if (title === 'done') await page.locator('details.group > summary').first().click();
      expect([title, await overflow(page)]).toEqual([title, 0]);
      await picture(page, `${shot}-${title}`);
    }
  });

  test('text that was made to do harm breaks no page', async () => {
    const longest = `<script>document.title='owned'</script>\u202e${'W'.repeat(65_000)}`;
    world.held.sessions = [
      makeSession(1, 'failed', {
        project: longest,
        receiver: longest,
        documentTitle: { CodeValue: longest, CodingSchemeDesignator: longest, CodeMeaning: longest },
        error: { code: longest, message: longest, remedy: longest, retryable: false },
      }),
    ];
    const page = await open({ viewport: SMALL });
    await signIn(page);
    for (const path of ['/', `/sessions/${sessionId(1)}`]) {
      await page.goto(path);
      expect(await page.title()).not.toBe('owned');
      expect([path, await overflow(page)]).toEqual([path, 0]);
      await page.getByText('Show more of this text').first().click();
      expect([path, await overflow(page)]).toEqual([path, 0]);
      await picture(page, `hostile-${path === '/' ? 'worklist' : 'session'}`);
    }
  });

  test('a coordinator signs in, finds what needs attention, has it tried again and signs out', async () => {
    const page = await open();
    await page.goto(`/sessions/${QUARANTINED}`);
    await page.getByLabel('Username').fill(USERNAME);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'The username or the password is not right' }).waitFor();
    expect(await page.getByLabel('Username').inputValue()).toBe(USERNAME);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${origin}/sessions/${QUARANTINED}`);

    await page.getByRole('link', { name: 'TCE Export Manager' }).click();
    await page.getByRole('link', { name: /^Needs attention/ }).click();
    await page.getByRole('link', { name: 'For Clinical Trial Export' }).click();
    await page.getByText('The value of (7FE0,0010) ends before its length says').waitFor();
    await sends(page, () => page.getByRole('button', { name: 'Try again now' }).click());
    await page.waitForURL(`${origin}/sessions/${QUARANTINED}`);
    expect(world.deeds).toEqual([
      { action: 'retry', sessionId: QUARANTINED, actor: { kind: 'person', name: USERNAME } },
    ]);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You have signed out.').waitFor();
    await page.goto('/');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  test('a one-time link signs in with one press', async () => {
    const page = await open({ viewport: SMALL });
    await page.goto(`/sign-in/once?token=${ONE_TIME_TOKEN}`);
    await picture(page, 'one-time-link');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Exports', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
  });

  test('everything can be reached and done with the keyboard', async () => {
    const page = await open();
    const focused = () => page.locator(':focus');
    await page.goto('/sign-in');
    await page.keyboard.press('Tab');
    expect(await focused().textContent()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused().getAttribute('name')).toBe('username');
    await page.keyboard.type(USERNAME);
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${origin}/`);

    /** Presses Tab until something with this text has the focus; fails where it never comes. */
    const tabTo = async (text: RegExp): Promise<void> => {
      for (let step = 0; step < 80; step += 1) {
        await page.keyboard.press('Tab');
        if (text.test((await focused().textContent()) ?? '')) return;
      }
      throw new Error(`the keyboard never reaches ${text}`);
    };
    await tabTo(/^Waiting for images/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/show=waiting/);
    await tabTo(/^For Teaching File Export$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${origin}/sessions/${WAITING}`);
    await tabTo(/^Cancel this export/);
    await picture(page, 'focus');
    await page.keyboard.press('Enter');
    await tabTo(/^Yes, cancel it$/);
    await sends(page, () => page.keyboard.press('Enter'));
    await page.waitForURL(`${origin}/sessions/${WAITING}`);
    expect(world.deeds).toMatchObject([{ action: 'cancel', sessionId: WAITING }]);
  });

  test('a page whose export is running brings itself up to date', async () => {
    const page = await open();
    await signIn(page);
    await page.goto(`/sessions/${SENDING}`);
    await page.getByText('131 of 200 delivered').first().waitFor();
    world.held.sessions = world.held.sessions.map((session) =>
      session.id === SENDING ? { ...session, counts: { ...session.counts, delivered: 177 } } : session,
    );
    await page.getByText('177 of 200 delivered').first().waitFor({ timeout: 15_000 });
  });

  test('the browser has nothing to complain about: no refused style, no missing file', async () => {
    const page = await open();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('requestfailed', (request) => {
      // What the browser gives up itself, because we went on to the next page, is no complaint.
      const reason = request.failure()?.errorText ?? '';
      if (reason !== 'net::ERR_ABORTED') complaints.push(`${reason} ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    await signIn(page);
    for (const path of ['/', `/sessions/${DONE}`, `/sessions/${DONE}/changes`, `/sessions/${DONE}/receipt`]) {
      await page.goto(path);
    }
    expect(complaints).toEqual([]);
  });
});
