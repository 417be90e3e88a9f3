import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ChangeReport } from '../../src/report/change-report.js';
import { changeReportHtml } from '../../src/report/html/page.js';
import { seriousFindings } from '../helpers/accessibility.js';
import { CHROMIUM, openHtml, startBrowser } from '../helpers/browser.js';
import { changeReport } from '../helpers/change-reports.js';
import { HOSTILE, hostileReport, largeReport, serverReport } from '../helpers/sample-reports.js';
import { skipUnless } from '../helpers/skip.js';

let browser: Browser;
beforeAll(async () => {
  if (existsSync(CHROMIUM)) browser = await startBrowser();
});
beforeEach((context) => skipUnless(existsSync(CHROMIUM), `needs ${CHROMIUM}`, context));
afterAll(() => browser?.close());

/** Opens a report, lets a test use it, and demands that the page had nothing to complain of and asked for nothing. */
async function withReport(
  report: ChangeReport,
  use: (page: Page) => Promise<void>,
  options: Parameters<typeof openHtml>[2] = {},
): Promise<void> {
  const { page, complaints, close } = await openHtml(browser, changeReportHtml(report), options);
  try {
    await use(page);
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
}

describe('the file tree', () => {
  test('is searched and read by keyboard alone', () =>
    withReport(serverReport(), async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('passwd');
      expect(await page.textContent('#search-status')).toBe('2 of 19 paths match');
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('etc/passwd');
      expect(await page.textContent('#search-status')).toBe('1 of 19 paths match');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      expect(await focusedText(page)).toContain('passwd');
      await page.keyboard.press('ArrowRight');
      await page.waitForSelector('.file[open] .diff');
      expect(await page.locator('.diff del').allInnerTexts()).toEqual([
        expect.stringContaining('_apt:x:42:'),
      ]);
      expect(await page.locator('.diff ins').allInnerTexts()).toEqual([
        expect.stringContaining('_apt:x:100:'),
        expect.stringContaining('nginx:x:102:'),
      ]);
      await page.keyboard.press('ArrowLeft');
      expect(await page.locator('.file[open]').count()).toBe(0);
    }));

  test('numbers the lines of both sides of a diff', () =>
    withReport(serverReport(), async (page) => {
      await page.click('a.to-file >> text="/etc/passwd"');
      const numbers = (side: string) => page.locator(`.diff .${side} .line`).allInnerTexts();
      expect(await numbers('old')).toEqual(['18', '19', '20', '21', '22']);
      expect(await numbers('new')).toEqual(['18', '19', '20', '21', '22', '23']);
    }));

  test('shows what differs between before and after', () =>
    withReport(serverReport(), async (page) => {
      await page.click('a.to-file >> text="/etc/group"');
      const rows = await page.locator('.file[open] .facts .differs').allInnerTexts();
      expect(rows.map((row) => row.split(/\s+/).slice(0, 3))).toEqual([
        ['mode', '0644', '0600'],
        ['size', '900', 'bytes'],
        ['sha256', expect.any(String), expect.any(String)],
      ]);
    }));

  test('narrows to kinds, which are alternatives, and to those that deserve a look as well', () =>
    withReport(serverReport(), async (page) => {
      const status = () => page.textContent('#search-status');
      await page.click('.filter:has-text("Changed")');
      expect(await status()).toBe('3 of 19 paths match');
      await page.click('.filter:has-text("Removed")');
      expect(await status()).toBe('4 of 19 paths match');
      await page.click('.filter:has-text("Deserves a look")');
      expect(await status()).toBe('2 of 19 paths match');
    }));

  test('is led to from a warning, also while a search hides the file', () =>
    withReport(serverReport(), async (page) => {
      await page.fill('#search', 'no such path');
      await page.click('a.to-file >> text="/usr/libexec/nginx-helper"');
      expect(await focusedText(page)).toContain('nginx-helper');
      expect(await page.inputValue('#search')).toBe('');
    }));
});

test('a warning leads to the scriptlet that it names', () =>
  withReport(serverReport(), async (page) => {
    await page.click('a.to-scriptlet >> text="openssl-libs.posttrans"');
    expect(await focusedText(page)).toContain('openssl-libs.posttrans');
    expect(await page.locator('.scriptlet[open]').allInnerTexts()).toEqual([
      expect.stringContaining('update-ca-trust'),
    ]);
  }));

describe('20,000 changed files', () => {
  test('are all found, though only what is opened is drawn', () =>
    withReport(largeReport(20_000), async (page) => {
      expect(await page.locator('#tree summary').count()).toBeLessThan(200);
      await page.fill('#search', 'icons/file-019995');
      expect(await page.textContent('#search-status')).toBe('1 of 20,000 paths match');
      expect(await page.locator('#tree .file .name').allInnerTexts()).toEqual(['file-019995.dat']);
    }));

  test('come in batches where one folder has thousands', () =>
    withReport(largeReport(20_000), async (page) => {
      const icons = page.locator('.folder:has(> summary .name:text-is("share/icons/"))');
      if (!(await icons.getAttribute('open').then((open) => open !== null)))
        await icons.locator('> summary').click();
      await icons.locator('.more').waitFor();
      expect(await icons.locator('.file').count()).toBe(500);
      await icons.locator('.more').press('Enter');
      expect(await icons.locator('.file').count()).toBe(1000);
      expect(await focusedText(page)).toContain('file-002500.dat');
    }));
});

describe('a package that tries to inject markup', () => {
  test('gets its texts shown as they are, and nothing of them runs', () =>
    withReport(hostileReport(), async (page) => {
      for (const summary of await page.locator('.scriptlet > summary, .scriptlet .body > summary').all())
        await summary.click();
      await page.click('a.to-file');
      await page.waitForSelector('.diff');
      expect(await page.evaluate('window.injected')).toBeUndefined();
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('.scriptlet pre').allInnerTexts()).toEqual([HOSTILE, HOSTILE]);
      expect(await page.locator('.diff del code').allInnerTexts()).toEqual([HOSTILE]);
      expect(await page.locator('.diff ins code').allInnerTexts()).toEqual([`\\x1b[31m${HOSTILE}`]);
      expect(await page.locator('.tree .name').allInnerTexts()).toContain('doc\\u202egpj.exe');
    }));

  test('would be stopped by the policy even if markup came through', async () => {
    const markup = changeReportHtml(changeReport()).replace(
      '</main>',
      '<script>window.injected = 1</script><img src="https://example.invalid/x" onerror="window.injected = 2"></main>',
    );
    const { page, complaints, close } = await openHtml(browser, markup);
    onTestFinished(close);
    await page.waitForLoadState();
    expect(await page.evaluate('window.injected')).toBeUndefined();
    const refused = complaints.filter((text) => text.includes('Content Security Policy'));
    expect(refused).toEqual([
      expect.stringContaining('Executing inline script'),
      expect.stringContaining('Executing inline event handler'),
      expect.stringContaining('Loading the image'),
    ]);
  });
});

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each([1280, 400])('nothing serious is in the way of assistive technology at %i px', (width) =>
    withReport(
      serverReport(),
      async (page) => {
        await page.click('a.to-file >> text="/etc/passwd"');
        for (const summary of await page.locator('.about > summary, .scriptlet > summary').all())
          await summary.click();
        expect(await seriousFindings(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      },
      { colorScheme, viewport: { width, height: 900 } },
    ),
  );
});

test('the check of accessibility sees what is in the way', async () => {
  const { page, close } = await openHtml(browser, '<!doctype html><title>x</title><button></button>');
  onTestFinished(close);
  expect(await seriousFindings(page)).toEqual([
    expect.stringContaining('button-name'),
    expect.stringContaining('html-has-lang'),
  ]);
});

test('without JavaScript the essentials are there: warnings, scriptlets with their output, files with causes', () =>
  withReport(
    serverReport(),
    async (page) => {
      expect(await page.textContent('h1')).toBe(
        'This plan would add 2 packages, upgrade 1 package, run 4 scriptlets and touch 19 paths.',
      );
      expect(await page.locator('#file-tools').isVisible()).toBe(false);
      expect(await page.locator('.warning').count()).toBe(5);
      await page.click('.scriptlet > summary >> text=nginx.post');
      expect(await page.textContent('.scriptlet[open] pre')).toContain('Created symlink');
      await page.click('#plain-files summary >> text="/etc/passwd"');
      const file = await page.textContent('#plain-files details[open]');
      expect(file).toContain('nginx.pre (written in place)');
      expect(file).toContain('+nginx:x:102:103');
    },
    { javaScriptEnabled: false },
  ));

test('a report of nothing says so in every section', () =>
  withReport(changeReport(), async (page) => {
    expect(await page.textContent('h1')).toBe('This plan would change nothing.');
    expect(await page.locator('.calm').count()).toBe(6);
  }));

function focusedText(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.textContent') as Promise<string>;
}
